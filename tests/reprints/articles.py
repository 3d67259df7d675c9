"""Articles of the tests, the prints that newsrooms make of them, and reports on one form."""

from __future__ import annotations

ARTICLE = """Chợ quê Tân Lược quen dần với mã QR

Sáng phiên nào bà Sáu Hường cũng bày hai rổ khoai bên cổng chợ Tân Lược, chỉ khác là cạnh rổ khoai nay có thêm một tấm \
bìa in mã QR. Khách quét, điện thoại của cô con gái ngồi sau báo tiếng "ting", vậy là xong một lần mua bán.

Theo UBND xã Tân Lược (huyện Bình Tân, Vĩnh Long), tính đến ngày 30/4/2024, toàn xã có 412 hộ kinh doanh nhận tiền qua \
mã QR, bằng 86,5% số hộ. Con số này một năm trước mới là 37,2%, chủ yếu là các cửa hàng vật tư nông nghiệp trên trục lộ.

Xã thành lập 11 tổ công nghệ số cộng đồng với 74 thành viên. Mỗi tổ nhận phần một đoạn kênh, đi từng nhà vào buổi chiều \
khi bà con đã ở ruộng về, chỉ cách cài ứng dụng và cách nhận ra tin nhắn lừa đảo.

Ở bộ phận một cửa, 94,8% hồ sơ được nộp trực tuyến; cán bộ trẻ ngồi trực hai máy tính đặt sẵn để giúp người lớn tuổi. Bốn \
tháng đầu năm, xã tiếp nhận 1.386 hồ sơ và chỉ có 3 hồ sơ trễ hạn do đường truyền bị đứt trong một ngày mưa lớn.

Chủ tịch UBND xã cho biết từ nay đến cuối năm, xã muốn đưa mã QR tới cả những người bán hàng rong, đồng thời lắp thêm 5 \
điểm phát Wi-Fi miễn phí ở nhà văn hóa các ấp.
"""

_HEADLINE, _, _BODY = ARTICLE.partition("\n\n")

PRINTS = {
    "another headline": f"Bà con Tân Lược bán khoai, nhận tiền qua điện thoại\n\n{_BODY}",
    "without the last paragraph": ARTICLE.strip().rpartition("\n\n")[0],
    "a byline and a date of its own": f"{_HEADLINE}\n\nThứ Năm, 09/05/2024, 07:42\n\n{_BODY}\nTin, ảnh: Lâm Thị Mỹ Duyên",
    "a local paper's opening": f"{_HEADLINE}\n\n(Cổng TTĐT) - Phong trào học làm quen với dịch vụ số đang lan ra nhiều "
    f"vùng quê của tỉnh, trong đó có những phiên chợ sớm ven sông Hậu.\n\n{_BODY}",
    "all of that at once": "Phiên chợ có tiếng ting\n\n(Cổng TTĐT) - Phong trào học làm quen với dịch vụ số đang lan ra "
    f"nhiều vùng quê của tỉnh.\n\n10/05/2024 | 16:05\n\n{_BODY.strip().rpartition(chr(10) * 2)[0]}\n\nLâm Duyên - 0912.000.456",
    "written otherwise": ARTICLE.replace("hóa", "hoá").replace("UBND", "Ubnd").replace(" - ", " – ").replace("\n\n", "\n"),
}

OTHER = """Ấp Mỹ Trung mở lớp điện thoại cho người cao tuổi

Tối thứ ba hằng tuần, nhà văn hóa ấp Mỹ Trung sáng đèn đến hơn chín giờ. Học trò là 38 ông bà tuổi ngoài sáu mươi, thầy là \
đoàn viên của xã. Buổi đầu học cách phóng to chữ, buổi sau học gọi hình cho con cháu đi làm xa.

Sau hai tháng, 31 người tự nộp được hồ sơ trên cổng dịch vụ công, 26 người biết tra sổ sức khỏe điện tử. Xã Hòa Bình có 9 ấp \
và dự tính mở 9 lớp như vậy, mỗi lớp 4 tuần, kinh phí 27 triệu đồng do quỹ khuyến học hỗ trợ một nửa.
"""

_FORM = """UBND XÃ ĐÔNG THẠNH
BÁO CÁO
Kết quả thực hiện nhiệm vụ chuyển đổi số quý {quarter} năm 2024

Thực hiện Kế hoạch số 35/KH-UBND của UBND huyện về chuyển đổi số, UBND xã Đông Thạnh báo cáo kết quả như sau.

1. Công tác chỉ đạo, điều hành. Đảng ủy, UBND xã tiếp tục quán triệt các văn bản của cấp trên đến toàn thể cán bộ, công \
chức và nhân dân; đưa chỉ tiêu chuyển đổi số vào tiêu chí thi đua cuối năm của từng ấp. Ban chỉ đạo xã họp định kỳ, phân \
công từng thành viên phụ trách địa bàn, kịp thời tháo gỡ khó khăn, vướng mắc phát sinh ở cơ sở.

2. Kết quả. Toàn xã có {teams} tổ công nghệ số cộng đồng với {members} thành viên. Tỷ lệ hồ sơ nộp trực tuyến đạt \
{online}%; tỷ lệ văn bản điện tử được ký số đạt {signed}%. Số hộ kinh doanh có mã QR là {shops} hộ. Đài truyền thanh xã \
phát {broadcasts} tin, bài.

3. Khó khăn. Một bộ phận người dân lớn tuổi chưa có điện thoại thông minh; trang thiết bị ở bộ phận một cửa đã cũ, thường \
xuyên hư hỏng; cán bộ phụ trách công nghệ thông tin còn kiêm nhiệm nhiều việc nên chưa dành được nhiều thời gian cho nhiệm \
vụ.

4. Phương hướng. Tiếp tục tuyên truyền, vận động nhân dân sử dụng dịch vụ công trực tuyến; phối hợp với ngân hàng hướng \
dẫn tiểu thương nhận thanh toán không dùng tiền mặt; rà soát, bổ sung trang thiết bị; kiến nghị cấp trên quan tâm hỗ trợ \
kinh phí.
"""

REPORTS = [
    _FORM.format(quarter=1, teams=9, members=52, online="61,4", signed="88,0", shops=127, broadcasts=36),
    _FORM.format(quarter=2, teams=9, members=58, online="70,9", signed="93,5", shops=164, broadcasts=41),
    _FORM.format(quarter=3, teams=10, members=63, online="78,2", signed="97,1", shops=190, broadcasts=29),
]

SHORT = "Xã Đông Thạnh có 9 tổ công nghệ số cộng đồng."
