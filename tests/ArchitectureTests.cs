using ArchUnitNET.Domain;
using ArchUnitNET.Fluent;
using ArchUnitNET.Loader;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Realtime.Tests;

/// <summary>The shape of the code that no compiler checks.</summary>
public sealed class ArchitectureTests
{
    private static readonly Architecture Code = new ArchLoader().LoadAssemblies(
        typeof(Realtime.Pharmacies.PharmacyId).Assembly,
        typeof(Realtime.Web.Live.Country).Assembly,
        typeof(Realtime.Silo.Import.ImportCommand).Assembly).Build();

    /// <summary>The slices that hold rules and nothing else, and the rule files of the slices that also hold a grain.</summary>
    private static readonly IObjectProvider<IType> Rules = Types().That()
        .ResideInNamespaceMatching(@"^Realtime\.(Hours|Nearest|Idempotency)$").Or()
        .HaveFullNameMatching(@"^Realtime\.OnCall\.(?!I?RotaGrain|RotaFacts|I?SectorCodeGrain|I?DutyLooksGrain|OnCallKnowledge)").Or()
        .HaveFullName("Realtime.Pharmacies.PharmacyPage").Or()
        .HaveFullName("Realtime.Pharmacies.DemoCountry").Or()
        .HaveFullNameMatching(@"^Realtime\.Orders\.(OrderQueue|OrderQueueState|QueuePage|Placing|Hand|Decision|OrderRules|StockCount|CalledPause|OpenTimes|OrderFacts|Order|OrderId|OrderLine|OrderDose|OrderDeadlines|OrderStep|OrderMessage|UndoStep|OrderEvent|OneOrderEvent|OrderPlaced|OrderAccepted|OrderReadied|OrderCollected|ActUndone|TimePassed|HoldsMoved|Waiter|OrderRefusal|OrderJson|OrderPush|OrderPushes|OrderPushEvent|Contacts|PersonJson)$").Or()
        .HaveFullNameMatching(@"^Realtime\.Stock\.(StockFacts|StockLevel|StockLevels|LevelWords|CrossedLevels|RowLevels|Freshness|StockStreams|DemoStock|Observation|ProductFigures|StockFigures|ExpiringBoxes|Rotation|StockList|StockPlace)$").Or()
        .HaveFullNameMatching(@"^Realtime\.Push\.(PushSubscription|PushText|PushEncryption)$").Or()
        .HaveFullNameMatching(@"^Realtime\.Mail\.(Letters|LetterWords|ShortText|WrittenDates)$").Or()
        .HaveFullNameMatching(@"^Realtime\.Products\.(DoseLaw|DoseDraft|DoseRule|DoseRules|DoseVerdict|DoseBearing|BoxMasses|BoxLabel|BoxMass|ScannedBox|ScanFault|DataMatrix|BdpmFolder|Catalogue|ProductSearch)$").Or()
        .HaveFullNameMatching(@"^Realtime\.Coverage\.(Commune|Communes|Department|Landmass|Landmasses|ServingPharmacy|CoverageMap|PeopleOf|CoverageFigures|CommuneGain|CoverageChange)$").Or()
        .HaveFullNameMatching(@"^Realtime\.Schools\.(SchoolZone|SchoolZones|SchoolTable|SchoolYear|SchoolBreak|SchoolYearsStated|SchoolRules)$").Or()
        .HaveFullNameMatching(@"^Realtime\.Webhooks\.(MessageId|WebhookMessage|WebhookMessages|WebhookSignature|WebhookRetries|WebhookEvent|DeliveriesMoved|WebhookCursor|WebhookEndpoint|WebhookState|WebhookRules|DeliveryOutcome|Waiting|DeadLetter)$")
        .As("rules");

    [Theory]
    [InlineData(@"^Orleans\.(Runtime|Hosting|Storage)")]
    [InlineData(@"^System\.(Data|Net|IO\.Pipelines)")]
    [InlineData(@"^Microsoft\.(Data|AspNetCore|Extensions)")]
    [InlineData(@"^Realtime\.(Journal|Clock)")]
    [InlineData(@"^System\.TimeProvider$|^System\.Diagnostics\.Stopwatch$|^NodaTime\.(SystemClock|IClock)$")]
    [InlineData(@"^System\.Random$")]
    public void Rules_know_no_runtime_no_store_no_network_no_clock_and_no_chance(string forbidden) =>
        Check(Types().That().Are(Rules).Should().NotDependOnAny(Types(includeReferenced: true).That().HaveFullNameMatching(forbidden)));

    [Fact]
    public void The_check_sees_what_the_rules_do_know() =>
        Assert.False(Types().That().Are(Rules).Should().NotDependOnAny(Types(includeReferenced: true).That().HaveFullNameMatching("^NodaTime")).HasNoViolations(Code));

    [Fact]
    public void The_domain_knows_neither_the_web_nor_the_command_line() =>
        Check(Types().That().ResideInNamespaceMatching(@"^Realtime\.(Hours|OnCall|Nearest|Pharmacies|Products|Schools|Stock|Orders|Keys|Mail|Journal|Coverage|Sets|Webhooks|Push)$")
            .Should().NotDependOnAny(Types().That().ResideInNamespaceMatching(@"^Realtime\.(Web|Silo)(\.|$)")));

    [Fact]
    public void Hubs_only_carry() =>
        Check(Classes().That().HaveNameEndingWith("Hub").Should().NotDependOnAny(Types(includeReferenced: true).That().ResideInNamespaceMatching(@"^Realtime\.Journal$|^System\.Data")));

    [Fact]
    public void Every_grain_keeps_its_state_under_a_name_of_its_own()
    {
        var names = typeof(Realtime.Pharmacies.PharmacyId).Assembly.GetTypes()
            .Where(t => typeof(Grain).IsAssignableFrom(t) && !t.IsAbstract)
            .SelectMany(t => t.GetConstructors().SelectMany(c => c.GetParameters()))
            .SelectMany(p => p.GetCustomAttributes(typeof(PersistentStateAttribute), false).Cast<PersistentStateAttribute>())
            .Select(a => a.StateName)
            .ToArray();

        Assert.NotEmpty(names);
        Assert.Equal(names.Distinct(StringComparer.Ordinal), names);
    }

    [Fact]
    public void Everything_that_crosses_between_silos_has_an_alias()
    {
        var nameless = typeof(Realtime.Pharmacies.PharmacyId).Assembly.GetTypes()
            .Where(t => t.IsDefined(typeof(GenerateSerializerAttribute), false) || (t.IsInterface && typeof(IAddressable).IsAssignableFrom(t)))
            .Where(t => !t.IsDefined(typeof(AliasAttribute), false))
            .Select(t => t.FullName);

        Assert.Empty(nameless);
    }

    private static void Check(IArchRule rule)
    {
        var broken = rule.Evaluate(Code).Where(r => !r.Passed).Select(r => r.Description).ToArray();
        Assert.True(rule.HasNoViolations(Code), string.Join(Environment.NewLine, broken));
    }
}
