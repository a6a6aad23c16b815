using NodaTime;
using Realtime.OnCall;
using Realtime.Pharmacies;

namespace Realtime.Silo.Import;

/// <summary>A store that is open for rotas.</summary>
/// <param name="SectorOf">A sector that is known, by code; null where there is none.</param>
/// <param name="DepartmentOf">The department of a pharmacy; null where the pharmacy is not known.</param>
/// <param name="Apply">Makes one sector's rota durable, and the sector before it where it is new; why not, or null.</param>
/// <param name="Close">Lets go of the store.</param>
internal sealed record RotaStore(Func<string, OnCallSector?> SectorOf, Func<PharmacyId, Task<string?>> DepartmentOf, Func<OnCallSector, bool, IReadOnlyList<Duty>, Task<RotaRefusal?>> Apply, Func<ValueTask> Close) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Close();
}

/// <summary>
/// <c>import oncall FILE [--dry-run]</c>: reads a rota from CSV and publishes it, one row a sector: what a sector has planned from the first duty of the file on is replaced.
/// A sector that is not known is made of the pharmacies and kinds that the file gives it, run by the department of the first of them, and hidden until its planner says otherwise.
/// </summary>
/// <param name="open">Opens the store; not called for a dry run, nor when the file is no good.</param>
/// <param name="output">The report; its last line is <c>read N, accepted N, rejected N</c>.</param>
/// <param name="error">Progress, and why nothing was done.</param>
/// <param name="isTerminal">Whether <paramref name="error"/> is a terminal that understands ANSI sequences.</param>
internal sealed class OnCallImport(Func<Task<RotaStore>> open, TextWriter output, TextWriter error, bool isTerminal)
{
    /// <summary>The word of this kind of import.</summary>
    public const string Word = "oncall";

    private const int Failure = 1;

    /// <summary>Runs the command.</summary>
    /// <param name="words">What stands after <c>import oncall</c>.</param>
    /// <returns>The exit code: 0, or 1 where nothing was accepted, the file is no good or the command is not understood.</returns>
    public async Task<int> Run(IReadOnlyList<string> words)
    {
        if (!SetArguments.TryParse(words, "file", out var arguments, out var sentence))
            return Refuse($"{sentence}\nusage: import {Word} FILE [--dry-run]");
        if (!ImportCommand.TryReadFile(arguments.Path, out var bytes, out sentence))
            return Refuse(sentence);
        // By the clock of the mainland where an instant has no offset.
        var reading = RotaCsv.Read(bytes, DateTimeZoneProviders.Tzdb["Europe/Paris"]);
        var wrong = reading.Errors.Select(line => line.Line).ToHashSet();
        foreach (var line in reading.Errors)
            output.WriteLine($"line {line.Line}: {(line.Column.Length > 0 ? $"{line.Column}: " : "")}{line.English}");
        var good = reading.Duties.Where(one => !wrong.Contains(one.Line)).ToArray();
        if (arguments.DryRun)
            output.WriteLine("dry run: nothing was written");
        else if (good.Length > 0)
            try
            {
                await using var store = await open();
                await Apply(store, good, wrong);
            }
            // Whatever a store may throw, its own words say what it is and what mends it; each sector is published as a whole or not at all.
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                return Refuse($"{failure.Message}\nEach sector that was published is complete; running the import again does the rest.");
            }
        var accepted = good.Count(one => !wrong.Contains(one.Line));
        output.WriteLine($"read {accepted + wrong.Count}, accepted {accepted}, rejected {wrong.Count}");
        return accepted > 0 ? 0 : Failure;
    }

    private async Task Apply(RotaStore store, (int Line, Duty Duty)[] lines, HashSet<int> wrong)
    {
        var published = 0;
        var sectors = lines.GroupBy(one => one.Duty.Sector).ToArray();
        await ConsoleProgress.Show(error, isTerminal, "importing", lines.Length, async advance =>
        {
            foreach (var sector in sectors)
            {
                published += await Apply(store, sector.Key, [.. sector], wrong);
                advance(sector.Count());
            }
        });
        output.WriteLine($"published {published} of {sectors.Length} sectors");
    }

    private async Task<int> Apply(RotaStore store, string code, (int Line, Duty Duty)[] lines, HashSet<int> wrong)
    {
        var known = store.SectorOf(code);
        var departments = new Dictionary<PharmacyId, string?>();
        foreach (var id in lines.Select(one => one.Duty.Pharmacy).Distinct())
            departments[id] = await store.DepartmentOf(id);
        var members = known?.Pharmacies.ToHashSet();
        foreach (var (line, duty) in lines)
            if (WrongWith(duty, departments, members, known) is { } sentence)
                Reject(wrong, line, sentence);
        var good = lines.Where(one => !wrong.Contains(one.Line)).ToArray();
        if (good.Length == 0)
            return 0;
        Duty[] duties = [.. good.Select(one => one.Duty with { Period = one.Duty.Period with { Start = PackedDuties.AsStored(one.Duty.Period.Start), End = PackedDuties.AsStored(one.Duty.Period.End) } })];
        var sector = known ?? Made(code, departments[duties[0].Pharmacy]!, duties);
        if (await store.Apply(sector, known is null, duties) is not { } refusal)
            return 1;
        // One wrong duty keeps its sector's rota out as a whole: half a rota would be worse than the one before.
        foreach (var (line, _) in good)
            Reject(wrong, line, $"the sector {code} was not published: {refusal.Kind}{(refusal.Index >= 0 ? $" in line {good[refusal.Index].Line}" : "")}.");
        return 0;
    }

    private static string? WrongWith(Duty duty, Dictionary<PharmacyId, string?> departments, HashSet<PharmacyId>? members, OnCallSector? known) =>
        departments[duty.Pharmacy] is null ? $"{duty.Pharmacy} is not a pharmacy that is known here."
        : members?.Contains(duty.Pharmacy) == false ? $"{duty.Pharmacy} is not a pharmacy of the sector {duty.Sector}."
        : known is not null && known.KindOf(duty.Period.Kind) is null ? $"the sector {duty.Sector} does not organise this kind of duty."
        : null;

    private static OnCallSector Made(string code, string department, Duty[] duties) => new()
    {
        Code = code,
        Name = code,
        Department = department,
        Pharmacies = [.. duties.Select(duty => duty.Pharmacy).Distinct()],
        Kinds = [.. duties.Select(duty => duty.Period.Kind).Distinct().Order().Select(kind => new SectorKind(kind, Disclosure.Hidden))],
    };

    private void Reject(HashSet<int> wrong, int line, string sentence)
    {
        wrong.Add(line);
        output.WriteLine($"line {line}: {sentence}");
    }

    private int Refuse(string sentence)
    {
        error.WriteLine(sentence);
        return Failure;
    }
}
