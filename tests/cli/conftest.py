"""What the tests of the commands share: an article whose one fact is known."""

from __future__ import annotations

from pathlib import Path

import pytest

TEXT = "Xã Phong Lạc, huyện Trần Văn Thời (Cà Mau)\n\nTính đến ngày 30/4/2023, trên 85% cửa hàng của xã có mã QR thanh toán."


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "bài báo.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path
