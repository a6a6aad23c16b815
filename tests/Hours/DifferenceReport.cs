using NodaTime;
using Realtime.Hours;

namespace Realtime.Tests.Hours;

/// <summary>Counts differences by what explains them.</summary>
internal sealed class DifferenceReport(Zone zone)
{
    private static readonly Faults[] Explanations =
    [
        Faults.OtherHolidays, Faults.OverriddenNightRunsOn, Faults.EveIsADayOfHours,
        Faults.OtherHolidays | Faults.OverriddenNightRunsOn, Faults.OtherHolidays | Faults.EveIsADayOfHours,
        Faults.OverriddenNightRunsOn | Faults.EveIsADayOfHours, Faults.OtherHolidays | Faults.OverriddenNightRunsOn | Faults.EveIsADayOfHours,
    ];

    private readonly SortedDictionary<string, (int Count, string Example)> _explained = new(StringComparer.Ordinal);
    private int _compared;
    private int _open;

    public List<string> Unexplained { get; } = [];

    public void Compare(Job job, Answer answer, Func<LocalDate, bool> theirHolidays)
    {
        if (answer.States is null)
        {
            Unexplained.Add($"\"{job.Text}\" is refused by the package: {answer.Error}");
            return;
        }
        var hours = OpeningHours.Parse(job.Text);
        var naive = new NaiveReading(job.Text, zone, theirHolidays);
        for (var i = 0; i < job.At.Length; i++)
        {
            var (t, theirs) = (job.At[i], answer.States[i] == '1');
            var ours = Schedule.Literal(hours, zone, t, t + Duration.Epsilon).Count > 0;
            _compared++;
            _open += ours ? 1 : 0;
            if (ours != theirs)
                Explain($"\"{job.Text}\" at {t.InZone(zone.Time):ddd uuuu-MM-dd HH:mm}: ours {Word(ours)}, theirs {Word(theirs)}", faults => naive.IsOpen(t) == ours && naive.IsOpen(t, faults) == theirs);
        }
    }

    public override string ToString() =>
        $"{_compared} instants compared ({_open} open), {_explained.Values.Sum(entry => entry.Count)} explained differences, {Unexplained.Count} unexplained."
        + string.Concat(_explained.Select(entry => $"\n  {entry.Key}: {entry.Value.Count}, e.g. {entry.Value.Example}"));

    private void Explain(string difference, Predicate<Faults> reproduces)
    {
        var explanation = Array.Find(Explanations, reproduces);
        if (explanation == Faults.None)
        {
            Unexplained.Add(difference);
            return;
        }
        var key = explanation.ToString();
        _explained[key] = _explained.TryGetValue(key, out var entry) ? (entry.Count + 1, entry.Example) : (1, difference);
    }

    private static string Word(bool open) => open ? "open" : "closed";
}
