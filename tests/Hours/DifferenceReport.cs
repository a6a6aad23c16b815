using NodaTime;
using Realtime.Hours;

namespace Realtime.Tests.Hours;

/// <summary>Counts differences by what explains them.</summary>
internal sealed class DifferenceReport(Zone zone)
{
    // Every set of faults, the smaller ones first.
    private static readonly Faults[] Explanations =
        [.. Enumerable.Range(1, (2 * (int)Enum.GetValues<Faults>()[^1]) - 1).OrderBy(set => System.Numerics.BitOperations.PopCount((uint)set)).Select(set => (Faults)set)];

    private readonly SortedDictionary<string, (int Count, string Example)> _explained = new(StringComparer.Ordinal);
    private int _compared;
    private readonly int[] _states = new int[Enum.GetValues<ServiceState>().Length];
    private int _comments;

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
            var (t, theirs) = (job.At[i], answer.At(i));
            var ours = Face(Schedule.Literal(hours, zone, t));
            _compared++;
            _states[(int)ours.State]++;
            _comments += ours.Comment is null ? 0 : 1;
            if (ours != theirs)
                Explain($"\"{job.Text}\" at {t.InZone(zone.Time):ddd uuuu-MM-dd HH:mm}: ours {ours}, theirs {theirs}", faults => Face(naive.At(t)) == ours && Face(naive.At(t, faults)) == theirs);
        }
    }

    // A reason that nobody wrote into the text, ours for an open end as theirs for a holiday, is none to compare.
    private static (ServiceState State, string? Comment) Face(Look look) => (look.State, HoursGenerator.IsComment(look.Reason) ? look.Reason : null);

    public override string ToString() =>
        $"{_compared} instants compared ({_states[(int)ServiceState.Open]} open, {_states[(int)ServiceState.Unknown]} unknown, {_comments} with a comment), {_explained.Values.Sum(entry => entry.Count)} explained differences, {Unexplained.Count} unexplained."
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
}
