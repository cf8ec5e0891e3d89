using Ioc.Devices.Registry;
using Xunit;

namespace Ioc.Tests.Devices;

public class FoldedTextTests
{
    [Theory]
    [InlineData("Phường Quy Nhơn Đông", "phuong quy nhon dong")]
    [InlineData("ĐƯỜNG Lê Lợi", "duong le loi")]
    [InlineData("Hoà / Hòa", "hoa / hoa")]
    public void Marks_and_case_are_dropped_and_d_with_stroke_is_d(string text, string folded) =>
        Assert.Equal(folded, FoldedText.Of(text));

    [Theory]
    [InlineData("duong", true)]
    [InlineData(" ĐƯỜNG ", true)]
    [InlineData("lê lợi", true)]
    [InlineData("", true)]
    [InlineData("hung vuong", false)]
    public void A_query_finds_text_however_it_is_typed(string query, bool found) =>
        Assert.Equal(found, FoldedText.Matches(FoldedText.Of("Trạm đường Lê Lợi"), query));
}
