using Realtime.OnCall;
using static Realtime.Tests.OnCall.Rotas;

namespace Realtime.Tests.OnCall;

/// <summary>What the audit holds a department's public facts against.</summary>
public sealed class RotaFactsTests
{
    private static readonly RotaEvent[] Happened =
    [
        new SectorSet(Sector()), new RotaSet("A", Monday, [Night(0, 0), Night(1, 1)]), new DraftSet("A", Evening(4), [Night(4, 2)]), new SwapProposed(new("75-4", Key(Night(0, 0)), Key(Night(1, 1)), SwapState.Proposed, Monday)),
        new SwapAccepted("75-4"), new SwapConfirmed("75-4", Key(Night(0, 0)), Key(Night(1, 1))), new MeasureTaken(Measure(MeasureKind.Strike, 3, 5) with { Id = "75-7" }),
    ];

    [Fact]
    public void A_departments_duty_is_computed_anew_from_its_rows_and_one_that_somebody_gave_himself_is_not_in_it()
    {
        var facts = RotaFacts.All.Begin(RotaStreams.Of("75"))!;
        foreach (var (happened, i) in Happened.Select((happened, i) => (happened, i)))
            facts.Take(Row(happened, i + 1, Monday + NodaTime.Duration.FromMinutes(i)));
        var honest = Given(Happened);

        var (seq, written) = facts.Written()!.Value;
        Assert.Equal(Happened.Length, seq);
        Assert.Equal(RotaJson.WriteFacts(honest), written);
        Assert.Equal(written, facts.InTodaysWords(RotaJson.WriteFacts(honest)));
        Assert.NotEqual(written, facts.InTodaysWords(RotaJson.WriteFacts(honest with { Rotas = honest.Rotas.SetItem("A", [Night(0, 1), Night(1, 3)]) })));
        Assert.NotEqual(written, facts.InTodaysWords(RotaJson.WriteFacts(honest with { Measures = [] })));
        Assert.Null(RotaFacts.All.Begin(RotaStreams.Of("69"))!.Written());
    }
}
