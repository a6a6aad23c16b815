using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Realtime.Orders;
using Realtime.Products;
using Realtime.Web.Orders;

namespace Realtime.Tests.Orders;

public sealed class OrderProblemsTests
{
    private static readonly Cip13 Product = Cip13.Parse(OrderDesk.Ibuprofen);

    public static TheoryData<string> Kinds => [.. Enum.GetNames<OrderRefusalKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_refusal_has_a_type_of_its_own_and_a_sentence_in_both_languages(string kind)
    {
        var (english, french) = (Of(kind, "en"), Of(kind, "fr"));

        Assert.Equal((english.Type, english.Status), (french.Type, french.Status));
        Assert.InRange(english.Status!.Value, 400, 503);
        Assert.StartsWith("/problems/", english.Type, StringComparison.Ordinal);
        Assert.All([english, french], problem => Assert.Matches("^[A-ZÀÂÉ0-9'«].*[.»]$", problem.Detail));
        Assert.NotEqual(english.Detail, french.Detail);
    }

    [Fact]
    public void No_two_refusals_share_a_type() =>
        Assert.Equal(Kinds.Count, Kinds.Select(row => Of(row.Data, "en").Type).Distinct(StringComparer.Ordinal).Count());

    private static Microsoft.AspNetCore.Mvc.ProblemDetails Of(string kind, string language)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers[HeaderNames.AcceptLanguage] = language;
        var refusal = new OrderRefusal(Enum.Parse<OrderRefusalKind>(kind))
        {
            Number = 2,
            Cip13 = Product,
            Missing = [new(Product, 2, 1)],
            Doses = [new(DoseProblemKind.NotMarketed, [Product], null, null)],
            State = OrderState.Ready,
        };
        return Assert.IsType<ProblemHttpResult>(OrderProblems.Of(context, "990000010", refusal, null)).ProblemDetails;
    }
}
