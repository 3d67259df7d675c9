"""Mails: the body, the attachments, and headers as they come."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest.containers.member import Budget, ContainerLimits, Member
from pipelines.ingest.containers.unpack import members_of
from pipelines.ingest.convert import convert
from pipelines.ingest.rejection import Reason, Rejection

HEAD = b"From: a@xa.example\r\nMIME-Version: 1.0\r\n"


def mail(subject: str = "Báo cáo tháng 6 của xã Khánh Hội") -> EmailMessage:
    made = EmailMessage()
    made["From"] = "Văn phòng xã Khánh Hội <vp@xa.example>"
    made["To"] = "so@tinh.example"
    made["Subject"] = subject
    made["Date"] = datetime(2023, 7, 7, 7, 51, tzinfo=timezone(timedelta(hours=7)))
    made["Message-ID"] = "<1@xa.example>"
    return made


def opened(path: Path, content: bytes, limits: ContainerLimits | None = None) -> list[Member]:
    path.write_bytes(content)
    members = members_of(path, Budget(limits or ContainerLimits()))
    assert members is not None, "no mail"
    return list(members)


def test_a_plain_body_becomes_a_text_of_its_day(tmp_path: Path) -> None:
    made = mail()
    made.set_content("Tính đến nay, 85% cửa hàng của xã có mã QR.\n")
    [(name, content)] = opened(tmp_path / "a", made.as_bytes())
    assert name == "Báo cáo tháng 6 của xã Khánh Hội.txt"
    assert isinstance(content, bytes)
    assert content.decode() == (
        "Báo cáo tháng 6 của xã Khánh Hội\n\nVăn phòng xã Khánh Hội <vp@xa.example> | 07/07/2023, 07:51\n\n"
        "Tính đến nay, 85% cửa hàng của xã có mã QR.\n"
    )
    converted = convert(content)
    assert (converted.title, converted.published) == ("Báo cáo tháng 6 của xã Khánh Hội", date(2023, 7, 7))


def test_plain_goes_before_html_unless_it_is_blank(tmp_path: Path) -> None:
    for plain, ending in (("85%", ".txt"), (" \n", ".html")):
        made = mail()
        made.set_content(plain)
        made.add_alternative("<html><p>Xã đạt 85%", subtype="html")
        [(name, content)] = opened(tmp_path / "a", made.as_bytes())
        assert name.endswith(ending)
        assert isinstance(content, bytes)
        assert "85%" in content.decode()


def test_attachments_are_members_byte_for_byte_and_pictures_of_the_body_are_not(tmp_path: Path) -> None:
    made = mail("V/v: số liệu <mới> / quý II")
    made.set_content("Kính gửi")
    made.add_alternative("<p>Kính gửi <img src='cid:logo'>", subtype="html")
    made.add_attachment(b"\x00PDF", maintype="application", subtype="pdf", filename="Phụ lục số 1.pdf")
    made.add_attachment("85%", filename="ghi chú.txt")
    made.add_attachment(b"PNG", maintype="image", subtype="png", cid="<logo>", disposition="inline")
    inner = mail("Thư chuyển tiếp")
    inner.set_content("90%")
    made.add_attachment(inner)

    members = dict(opened(tmp_path / "a", made.as_bytes()))

    assert list(members) == ["V v số liệu mới quý II.txt", "Phụ lục số 1.pdf", "ghi chú.txt", "Thư chuyển tiếp.eml"]
    assert members["Phụ lục số 1.pdf"] == b"\x00PDF"
    [(name, content)] = opened(tmp_path / "b", bytes(members["Thư chuyển tiếp.eml"]))  # type: ignore[arg-type]
    assert (name, b"90%" in bytes(content)) == ("Thư chuyển tiếp.txt", True)  # type: ignore[arg-type]


def test_what_is_refused_leaves_the_rest(tmp_path: Path) -> None:
    made = mail()
    made.set_content("Kính gửi")
    for name, data in (("../x.pdf", b"1"), ("a.pdf", b"2"), ("a.pdf", b"3"), ("lon.pdf", bytes(900)), ("b.pdf", b"4")):
        made.add_attachment(data, maintype="application", subtype="pdf", filename=name)
    content = made.as_bytes()
    members = opened(tmp_path / "a", content, ContainerLimits(member_bytes=len(content), total_bytes=800, members=6))
    reasons = [(name, said.reason) for name, said in members if isinstance(said, Rejection)]
    assert reasons == [
        ("../x.pdf", Reason.UNSAFE_NAME),
        ("a.pdf", Reason.DUPLICATE_NAME),
        ("lon.pdf", Reason.TOO_LARGE),
    ]
    assert members[-1] == ("b.pdf", b"4")
    assert opened(tmp_path / "a", content, ContainerLimits(members=2))[-1].name == "…"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (HEAD + b"Content-Type: application/pkcs7-mime\r\n\r\nxyz", Reason.ENCRYPTED),
        (
            HEAD
            + b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(30))
            + b"\r\n80%",
            Reason.TOO_COMPLEX,
        ),
    ],
)
def test_a_mail_that_can_not_be_opened_says_why(tmp_path: Path, content: bytes, reason: Reason) -> None:
    with pytest.raises(Rejection) as refused:
        opened(tmp_path / "a", content)
    assert refused.value.reason is reason


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (b"Content-Type: text/plain; charset=utf-8\r\nSubject: =?utf-8?b?WMOj?=\r\n", "Xã đạt".encode()),
        (b"Content-Type: text/plain; charset=latin-77\r\n", "Xã đạt".encode()),
        (b"Content-Type: text/plain; charset=us-ascii\r\nDate: =?x?q?\xff\r\n", "Xã đạt".encode()),
        (b"Content-Type: text/plain; charset=windows-1258\r\nSubject: \xff\xfe\r\n", "Xê ".encode("cp1258")),
        (b"Subject: x\r\nContent-Type: multipart/mixed\r\n", b"Xa dat"),
    ],
)
def test_broken_headers_cost_no_body(tmp_path: Path, head: bytes, body: bytes) -> None:
    members = opened(tmp_path / "a", HEAD + head + b"\r\n" + body + b"\r\n")
    assert [isinstance(content, bytes) for _, content in members] == [True]


@pytest.mark.parametrize(
    "content",
    [
        "Kính gửi: Sở\nTừ: xã\n\n80%".encode(),
        b"From: here to there\n\nMIME-Version: 1.0",
        b"From a@b Fri\nFrom: x\n",
        b"a\x00:b",
    ],
)
def test_texts_are_no_mails(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    assert members_of(path, Budget(ContainerLimits())) is None


def _sample() -> bytes:
    made = mail()
    made.set_content("Kính gửi")
    made.add_attachment(b"12345" * 20, maintype="application", subtype="pdf", filename="Phụ lục.pdf")
    return made.as_bytes()


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(_sample())))
def test_any_bytes_give_members_or_reasons(tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int) -> None:
    path = tmp_path_factory.getbasetemp() / "any.eml"
    whole = _sample()
    path.write_bytes(HEAD + whole[:at] + noise + whole[at:])
    members = members_of(path, Budget(ContainerLimits()))
    try:
        contents = [content for _, content in members or ()]
    except Rejection as rejection:
        contents = [rejection]
    assert all(isinstance(content, bytes) or content.message for content in contents)
