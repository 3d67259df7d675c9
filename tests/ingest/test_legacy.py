"""The encodings before Unicode: every letter comes back, the right one is told, and mojibake is mended."""

from __future__ import annotations

import shutil
import subprocess
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipelines.ingest.legacy import VNI, decode_tcvn3, decode_vni, decoded, is_syllable, mended, well_formed

PROSE = (
    "Tính đến hết quý II, xã Khánh Hội có 85% cơ sở kinh doanh dùng mã QR, vượt chỉ tiêu được giao; tỷ lệ hồ sơ trực tuyến "
    "đạt 71,5%. Tổ công nghệ số cộng đồng gồm 12 thành viên, đã hướng dẫn hơn 1.200 người cài ứng dụng định danh điện tử."
)
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
TO_VNI = {letter: pair for pair, letter in VNI.items()}
TO_TCVN3 = {decode_tcvn3(bytes([byte])): bytes([byte]) for byte in range(255, 159, -1)}


def in_tcvn3(text: str) -> bytes:
    """As a typist had it: capitals with tones, for which there are fonts, in small letters."""
    small = (char if char in TO_TCVN3 or char.isascii() else char.lower() for char in text)
    return b"".join(TO_TCVN3.get(char) or char.encode("ascii") for char in small)


def in_vni(text: str) -> bytes:
    return "".join(TO_VNI.get(char, char) for char in text).encode("cp1252")


def in_1258(text: str) -> bytes:
    """Letters with their hats, tones after them."""
    found = ""
    for char in text:
        try:
            char.encode("cp1258")
            found += char
        except UnicodeEncodeError:
            base, *marks = unicodedata.normalize("NFD", char)
            tones = [mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"]
            found += unicodedata.normalize("NFC", base + "".join(mark for mark in marks if mark not in tones)) + "".join(tones)
    return found.encode("cp1258")


@given(st.text(st.sampled_from(LETTERS + LETTERS.upper() + " .,%0123456789")))
def test_every_letter_comes_back_from_vni(text: str) -> None:
    assume(not any(text[at - 1 : at + 1] in VNI for at in range(1, len(text))))
    assert decode_vni(in_vni(text)) == text


@given(st.text(st.sampled_from(LETTERS + "ĂÂÊÔƠƯĐ .,%0123456789")))
def test_every_letter_comes_back_from_tcvn3(text: str) -> None:
    assert decode_tcvn3(in_tcvn3(text)) == text


@pytest.mark.skipif(shutil.which("iconv") is None, reason="the system has no iconv to compare with")
def test_tcvn3_is_that_of_glibc() -> None:
    letters = bytes([*range(0xA0, 0xB0), *range(0xB5, 0x100)])  # without the tones of their own
    result = subprocess.run(["iconv", "-f", "TCVN5712-1", "-t", "UTF-8"], input=letters, capture_output=True, check=False)
    if result.returncode:
        pytest.skip("this iconv doesn't know TCVN5712-1")
    assert unicodedata.normalize("NFC", result.stdout.decode()) == decode_tcvn3(letters)


@pytest.mark.parametrize(("encode", "name"), [(in_tcvn3, "TCVN3"), (in_vni, "VNI"), (in_1258, "windows-1258")])
def test_the_encoding_is_told_by_what_is_vietnamese_in_it(encode: object, name: str) -> None:
    assert callable(encode)
    assert decoded(encode(PROSE)) == (PROSE, name)


def test_what_is_vietnamese_in_no_encoding_is_not_decoded() -> None:
    assert decoded("Übergrößenträger führen häufig Äpfel".encode("latin-1")) is None
    assert decoded(bytes(range(128, 256)) * 4) is None


@pytest.mark.parametrize("encode", [in_tcvn3, in_vni, lambda text: text.encode("utf-8")])
def test_mojibake_is_mended(encode: object) -> None:
    assert callable(encode)
    shown = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in encode(PROSE))
    assert mended(shown) == PROSE


@pytest.mark.parametrize("text", [PROSE, "Plain ASCII", "", "Übergrößenträger führen häufig Äpfel", "12,5% — 2023", "¡a × ®"])
def test_what_needs_no_mending_is_left_alone(text: str) -> None:
    assert mended(text) is None


@pytest.mark.parametrize("word", "nghiêng người thuở khuya quyết yêu rượu hoạch giữa ngoằn xoong tuyển uống ước ỷ đặc".split())
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", "größe naïve ®aït ñaït tỷýlệ bcđ ăâ".split())
def test_no_syllables(word: str) -> None:
    assert not is_syllable(word)


def test_a_text_without_such_letters_says_nothing() -> None:
    assert well_formed("QR 85%") == 0
