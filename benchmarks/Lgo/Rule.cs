using Realtime.Web.Edge;

namespace Realtime.Benchmarks.Lgo;

/// <summary>One rule of the contract, as the kit tries it.</summary>
/// <param name="Name">Stable, so that a vendor can look for it: <c>seq.gap</c>.</param>
/// <param name="Says">What the contract asks for.</param>
/// <param name="Where">Where it is written.</param>
/// <param name="Try">Tries it.</param>
internal sealed record Rule(string Name, Sentence Says, string Where, Func<Trial, Task<Finding>> Try);

/// <summary>What became of a rule.</summary>
internal enum Result
{
    /// <summary>It holds.</summary>
    Passed,

    /// <summary>It does not.</summary>
    Failed,

    /// <summary>It could not be tried here; why is said.</summary>
    Skipped,
}

/// <summary>What was found when a rule was tried.</summary>
/// <param name="Result">What became of it.</param>
/// <param name="Expected">What should have come, where something else did.</param>
/// <param name="Came">What came, or why the rule was not tried.</param>
internal sealed record Finding(Result Result, string Expected, string Came)
{
    /// <summary>The rule holds.</summary>
    public static readonly Finding Passed = new(Result.Passed, "", "");

    /// <summary>The rule was not tried.</summary>
    public static Finding Skipped(string why) => new(Result.Skipped, "", why);
}

/// <summary>Collects what a rule expects: the first thing that is not as expected is what the report tells, as the others often follow from it.</summary>
internal sealed class Check
{
    private Finding? _failed;

    /// <summary>What was found.</summary>
    public Finding Finding => _failed ?? Finding.Passed;

    /// <summary>Expects something.</summary>
    /// <param name="holds">Whether it is so.</param>
    /// <param name="expected">What should have come.</param>
    /// <param name="came">What came.</param>
    public void That(bool holds, string expected, string came)
    {
        if (!holds)
            _failed ??= new(Result.Failed, expected, came);
    }

    /// <summary>Expects an answer of a status and, for a problem, of a type.</summary>
    public void Answered(Answer answer, int status, string? type = null) =>
        That(answer.Status == status && (type is null || answer.Type == type), type is null ? $"{status}" : $"{status} {type}", answer.Told);

    /// <summary>Expects the public level of a product.</summary>
    public async Task Level(Trial trial, string cip13, string expected, string why)
    {
        // Without this a level that cannot come would be waited for after the rule has already failed.
        if (_failed is not null)
            return;
        var level = await trial.LevelOf(cip13, expected);
        That(level == expected, $"level {expected}: {why}", $"level {level}");
    }
}
