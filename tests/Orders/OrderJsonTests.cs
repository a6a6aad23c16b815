using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using Realtime.Orders;

namespace Realtime.Tests.Orders;

/// <summary>What stands in stores that somebody has: texts that this program must read as it always has, and write again as they are.</summary>
public sealed class OrderJsonTests
{
    // One text for each kind, with every member that it may have. A text is never changed: what a new program writes otherwise is a new version of the kind.
    private static readonly Dictionary<string, string> Stored = new(StringComparer.Ordinal)
    {
        ["stock.counted"] = """{"cip13":"3400938358926","quantity":3,"reserve":1,"dropsFeed":true,"left":{"onHand":3,"reserve":1,"held":2,"unconfirmed":1,"toReshelve":1,"unsellable":1,"isOld":true},"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["feed.staged"] = """{"feed":7,"part":1,"changes":"AQID+vv8","request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["stock.fed"] = """{"feed":7,"kind":"delta","takenAt":"2026-11-23T08:59:00Z","fingerprint":"c2hh","freshUntil":"2026-11-23T10:59:00Z","accepted":9998,"rejectedCount":2,"rejected":"AQID+vv8","day":"2026-11-23","told":true,"parts":2,"changes":"AQID+vv8","request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["day.turned"] = """{"day":"2026-11-24","request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["lots.recalled"] = """{"recall":"01M83T5FZ08PAQ1Y7TZFQ2RE5J","cip13":"3400938358926","lots":["LOT42"],"boxes":3,"orders":["750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J"],"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["recall.lifted"] = """{"recall":"01M83T5FZ08PAQ1Y7TZFQ2RE5J","cip13":"3400938358926","orders":["750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J"],"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["shortage.settled"] = """{"cip13":"3400938358926","served":["750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J"],"unserved":["750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5K"],"undoUntil":"2026-11-23T23:00:00Z","request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["order.placed"] = """{"lines":[{"cip13":"3400933905569","quantity":2,"name":"EFFERALGANMED 80 mg, suppositoire","priceCents":222},{"cip13":"3400938358926","quantity":1,"name":"IBUPROFENE BIOGARAN CONSEIL 400 mg, comprimé pelliculé"}],"doses":[{"substance":"ibuprofène","form":"oralSolid","grams":4,"limitGrams":6,"share":0.5}],"deadlines":{"loudAt":"2026-11-23T09:01:00Z","handOverAt":"2026-11-23T09:03:00Z","countsAt":"2026-11-23T09:15:00Z","expectedBy":"2026-11-23T09:30:00Z","heldUntil":"2026-11-23T11:00:00Z"},"contacts":["Y29udGFjdA"],"keyId":"a2V5aWQ","person":"AQID+vv8","byCounter":true,"validated":true,"doseAlert":true,"answered":true,"forMinor":true,"hasEmail":true,"id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","left":{"state":"accepted","seq":1},"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["order.acknowledged"] = """{"id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","left":{"state":"accepted","seq":1},"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["order.accepted"] = """{"validated":true,"heldUntil":"2026-11-30T09:00:00Z","undoUntil":"2026-11-23T23:00:00Z","id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","left":{"state":"accepted","seq":2},"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["order.validated"] = """{"undoUntil":"2026-11-23T23:00:00Z","id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","left":{"state":"accepted","seq":3},"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["order.proposed"] = """{"offer":[{"cip13":"3400933905569","quantity":1,"name":"EFFERALGANMED 80 mg, suppositoire","priceCents":222}],"heldUntil":"2026-11-24T18:00:00Z","undoUntil":"2026-11-23T23:00:00Z","id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","left":{"state":"proposed","seq":4},"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["proposal.accepted"] = """{"heldUntil":"2026-11-30T09:00:00Z","id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","left":{"state":"accepted","seq":5},"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["proposal.declined"] = """{"id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","left":{"state":"cancelled","seq":5},"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["order.ready"] = """{"expectedBy":"2026-11-23T10:00:00Z","heldUntil":"2026-11-24T18:00:00Z","undoUntil":"2026-11-23T23:00:00Z","scans":[{"cip13":"3400938358926","lot":"LOT42","expiry":"2027-12-31","serial":"21ABC"}],"id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","left":{"state":"ready","seq":6},"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["order.refused"] = """{"reason":"AQID+vv8","undoUntil":"2026-11-23T23:00:00Z","id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","left":{"state":"refused","seq":7},"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["order.cancelled"] = """{"id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","left":{"state":"cancelled","seq":7},"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["order.collected"] = """{"reason":"AQID+vv8","undoUntil":"2026-11-23T23:00:00Z","scans":[{"cip13":"3400938358926","lot":"LOT42","expiry":"2027-12-31"}],"id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","left":{"state":"collected","seq":7},"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["code.wrong"] = """{"id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","left":{"state":"ready","seq":6},"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["act.undone"] = """{"deadlines":{"loudAt":"2026-11-23T09:01:00Z","handOverAt":"2026-11-23T09:03:00Z","countsAt":"2026-11-23T09:15:00Z","expectedBy":"2026-11-23T09:30:00Z","heldUntil":"2026-11-23T11:00:00Z"},"reason":"AQID+vv8","id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","left":{"state":"ready","seq":8},"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["boxes.reshelved"] = """{"id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","left":{"state":"refused","seq":8},"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["message.sent"] = """{"fromBuyer":true,"text":"AQID+vv8","id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","left":{"state":"ready","seq":9},"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["time.passed"] = """{"loud":["750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J"],"handedOver":["750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5K"],"counted":["750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J"],"late":["750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5K"],"expired":["750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J"],"pause":{"until":"2026-11-24T08:00:00Z"},"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["holds.moved"] = """{"pageSeq":3,"moves":[{"id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","expectedBy":"2026-11-23T10:30:00Z","heldUntil":"2026-11-23T13:00:00Z"}],"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["notices.sent"] = """{"sent":[{"id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","notices":257},{"waiter":"0123456789abcdef0123456789abcdef"}],"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["push.asked"] = """{"code":"Y29kZQ","sealed":"AQID+vv8","id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["push.sent"] = """{"of":7,"id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["push.ended"] = """{"id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["waiter.joined"] = """{"waiter":{"id":"0123456789abcdef0123456789abcdef","cip13":"3400938358926","quantity":2,"contact":"Y29udGFjdA","keyId":"a2V5aWQ","email":"AQID+vv8","calledAt":"2026-11-23T09:00:00Z","told":true},"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["waiter.left"] = """{"id":"0123456789abcdef0123456789abcdef","request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
        ["waiters.called"] = """{"ids":["0123456789abcdef0123456789abcdef"],"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}""",
    };

    // A closed order as the history has it, and a snapshot.
    private const string History = """{"id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","state":"refused","seq":7,"placedAt":"2026-11-23T09:00:00Z","lines":[{"cip13":"3400933905569","quantity":2,"name":"EFFERALGANMED 80 mg, suppositoire","priceCents":222},{"cip13":"3400938358926","quantity":1,"name":"IBUPROFENE BIOGARAN CONSEIL 400 mg, comprimé pelliculé"}],"offer":[{"cip13":"3400933905569","quantity":2,"name":"EFFERALGANMED 80 mg, suppositoire","priceCents":222}],"doses":[{"substance":"ibuprofène","form":"oralSolid","grams":4,"limitGrams":6,"share":0.5}],"deadlines":{"loudAt":"2026-11-23T09:01:00Z","handOverAt":"2026-11-23T09:03:00Z","countsAt":"2026-11-23T09:15:00Z","expectedBy":"2026-11-23T09:30:00Z","heldUntil":"2026-11-23T11:00:00Z"},"byCounter":true,"validated":true,"acknowledged":true,"escalation":2,"late":true,"unanswered":2,"toReshelve":true,"doseAlert":true,"answered":true,"forMinor":true,"hasEmail":true,"scans":[{"cip13":"3400938358926","lot":"LOT42","expiry":"2027-12-31","serial":"21ABC"}],"recalled":true,"wrongCodes":2,"contacts":["Y29udGFjdA"],"keyId":"a2V5aWQ","person":"AQID+vv8","reason":"AQID+vv8","messages":[{"at":"2026-11-23T09:02:00Z","fromBuyer":true,"sealed":"AQID+vv8"}],"timeline":[{"at":"2026-11-23T09:00:00Z"},{"state":"refused","at":"2026-11-23T09:09:00Z"}]}""";

    private const string State = """{"pharmacy":"750020927","inventory":"3PjOAQIAAJiXGyUPCgGA0NL+oqnyHwPzTwIFTE9UNDKSUAEAAAECQjcClRcDAsgB","orders":[{"id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","state":"refused","seq":7,"placedAt":"2026-11-23T09:00:00Z","lines":[{"cip13":"3400933905569","quantity":2,"name":"EFFERALGANMED 80 mg, suppositoire","priceCents":222},{"cip13":"3400938358926","quantity":1,"name":"IBUPROFENE BIOGARAN CONSEIL 400 mg, comprimé pelliculé"}],"offer":[{"cip13":"3400933905569","quantity":2,"name":"EFFERALGANMED 80 mg, suppositoire","priceCents":222}],"doses":[{"substance":"ibuprofène","form":"oralSolid","grams":4,"limitGrams":6,"share":0.5}],"deadlines":{"loudAt":"2026-11-23T09:01:00Z","handOverAt":"2026-11-23T09:03:00Z","countsAt":"2026-11-23T09:15:00Z","expectedBy":"2026-11-23T09:30:00Z","heldUntil":"2026-11-23T11:00:00Z"},"byCounter":true,"validated":true,"acknowledged":true,"escalation":2,"late":true,"unanswered":2,"toReshelve":true,"doseAlert":true,"answered":true,"forMinor":true,"hasEmail":true,"scans":[{"cip13":"3400938358926","lot":"LOT42","expiry":"2027-12-31","serial":"21ABC"}],"recalled":true,"wrongCodes":2,"contacts":["Y29udGFjdA"],"keyId":"a2V5aWQ","person":"AQID+vv8","reason":"AQID+vv8","messages":[{"at":"2026-11-23T09:02:00Z","fromBuyer":true,"sealed":"AQID+vv8"}],"timeline":[{"at":"2026-11-23T09:00:00Z"},{"state":"refused","at":"2026-11-23T09:09:00Z"}],"undo":{"before":{"id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","state":"ready","seq":7,"placedAt":"2026-11-23T09:00:00Z","lines":[{"cip13":"3400933905569","quantity":2,"name":"EFFERALGANMED 80 mg, suppositoire","priceCents":222},{"cip13":"3400938358926","quantity":1,"name":"IBUPROFENE BIOGARAN CONSEIL 400 mg, comprimé pelliculé"}],"doses":[{"substance":"ibuprofène","form":"oralSolid","grams":4,"limitGrams":6,"share":0.5}],"deadlines":{"loudAt":"2026-11-23T09:01:00Z","handOverAt":"2026-11-23T09:03:00Z","countsAt":"2026-11-23T09:15:00Z","expectedBy":"2026-11-23T09:30:00Z","heldUntil":"2026-11-23T11:00:00Z"},"byCounter":true,"validated":true,"acknowledged":true,"escalation":2,"late":true,"unanswered":2,"doseAlert":true,"answered":true,"forMinor":true,"hasEmail":true,"scans":[{"cip13":"3400938358926","lot":"LOT42","expiry":"2027-12-31","serial":"21ABC"}],"recalled":true,"wrongCodes":2,"contacts":["Y29udGFjdA"],"keyId":"a2V5aWQ","person":"AQID+vv8","reason":"AQID+vv8","messages":[],"timeline":[{"at":"2026-11-23T09:00:00Z"}]},"at":"2026-11-23T09:09:00Z","until":"2026-11-23T23:00:00Z"},"owed":16,"push":{"code":"Y29kZQ","sealed":"AQID+vv8","owed":"ready","of":7}}],"waiters":[{"id":"0123456789abcdef0123456789abcdef","cip13":"3400938358926","quantity":2,"contact":"Y29udGFjdA","keyId":"a2V5aWQ","email":"AQID+vv8","calledAt":"2026-11-23T09:00:00Z","told":true}],"answered":[{"request":{"key":"a2V5","command":"Y29tbWFuZA"},"seq":4,"at":"2026-11-23T09:00:00Z"}],"last":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5K","calledPause":{"seq":12,"at":"2026-11-23T09:05:00Z","until":"2026-11-24T08:00:00Z"},"feed":{"seq":7,"fingerprint":"c2hh","row":11,"takenAt":"2026-11-23T08:59:00Z","freshUntil":"2026-11-23T10:59:00Z","toldUntil":"2026-11-23T10:30:00Z","isWhole":true,"isDropped":true},"staged":["AQID+vv8"],"day":"2026-11-23","nextExpiry":"2027-12-31","handedOver":[{"at":"2026-11-23T09:00:00Z","order":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","cip13":"3400938358926","boxes":2,"lots":[{"code":"LOT42","expiry":"2027-12-31","boxes":1}]}],"barred":[{"id":"01M83T5FZ08PAQ1Y7TZFQ2RE5J","cip13":"3400938358926","lots":["LOT42"]}],"since":"2026-11-01T08:00:00Z"}""";

    // What these kinds were before they could say more: it stands in stores too.
    private static readonly (string Kind, string Text)[] Older =
    [
        ("order.ready", """{"expectedBy":"2026-11-23T10:00:00Z","heldUntil":"2026-11-24T18:00:00Z","undoUntil":"2026-11-23T23:00:00Z","id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","left":{"state":"ready","seq":6},"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}"""),
        ("order.collected", """{"reason":"AQID+vv8","undoUntil":"2026-11-23T23:00:00Z","id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","left":{"state":"collected","seq":7},"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}"""),
        ("stock.counted", """{"cip13":"3400938358926","quantity":3,"reserve":1,"left":{"onHand":3,"reserve":1,"held":2,"unconfirmed":1,"toReshelve":1},"request":{"key":"a2V5","command":"Y29tbWFuZA"},"levels":{"3400938358926":"low"},"short":[{"cip13":"3400938358926","held":4,"onHand":3}]}"""),
    ];

    private const string OlderHistory = """{"id":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","state":"refused","seq":7,"placedAt":"2026-11-23T09:00:00Z","lines":[{"cip13":"3400933905569","quantity":2,"name":"EFFERALGANMED 80 mg, suppositoire","priceCents":222},{"cip13":"3400938358926","quantity":1,"name":"IBUPROFENE BIOGARAN CONSEIL 400 mg, comprimé pelliculé"}],"offer":[{"cip13":"3400933905569","quantity":2,"name":"EFFERALGANMED 80 mg, suppositoire","priceCents":222}],"doses":[{"substance":"ibuprofène","form":"oralSolid","grams":4,"limitGrams":6,"share":0.5}],"deadlines":{"loudAt":"2026-11-23T09:01:00Z","handOverAt":"2026-11-23T09:03:00Z","countsAt":"2026-11-23T09:15:00Z","expectedBy":"2026-11-23T09:30:00Z","heldUntil":"2026-11-23T11:00:00Z"},"byCounter":true,"validated":true,"acknowledged":true,"escalation":2,"late":true,"unanswered":2,"toReshelve":true,"doseAlert":true,"answered":true,"forMinor":true,"hasEmail":true,"wrongCodes":2,"contacts":["Y29udGFjdA"],"keyId":"a2V5aWQ","person":"AQID+vv8","reason":"AQID+vv8","messages":[{"at":"2026-11-23T09:02:00Z","fromBuyer":true,"sealed":"AQID+vv8"}],"timeline":[{"at":"2026-11-23T09:00:00Z"},{"state":"refused","at":"2026-11-23T09:09:00Z"}]}""";

    public static TheoryData<string> Kinds => [.. OrderJson.AllKinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_event_is_read_and_written_as_it_always_was(string kind)
    {
        Assert.True(Stored.TryGetValue(kind, out var text), $"{kind} has no text: add one with every member of the event.");

        var happened = OrderJson.Read(kind, 1, Encoding.UTF8.GetBytes(text));

        var (written, version, payload) = OrderJson.Write(happened);
        Assert.Equal((kind, 1, text), (written, version, Encoding.UTF8.GetString(payload)));
        Assert.Empty(Unsaid(happened));
    }

    [Fact]
    public void What_an_older_program_wrote_is_read_and_written_as_it_was()
    {
        foreach (var (kind, text) in Older)
            Assert.Equal(text, Encoding.UTF8.GetString(OrderJson.Write(OrderJson.Read(kind, 1, Encoding.UTF8.GetBytes(text))).Payload));
        Assert.Equal(OlderHistory, Encoding.UTF8.GetString(OrderJson.WriteOrder(OrderJson.ReadOrder(Encoding.UTF8.GetBytes(OlderHistory)))));
    }

    [Fact]
    public void No_text_stands_for_a_kind_that_is_no_more() => Assert.Empty(Stored.Keys.Except(OrderJson.AllKinds, StringComparer.Ordinal));

    [Fact]
    public void An_order_of_the_history_is_read_and_written_as_it_always_was()
    {
        var order = OrderJson.ReadOrder(Encoding.UTF8.GetBytes(History));
        Assert.Equal(History, Encoding.UTF8.GetString(OrderJson.WriteOrder(order)));
        // The history keeps neither a step back nor what is still to be written or told to whom.
        Assert.Equal([nameof(Order.Undo), nameof(Order.Owed), nameof(Order.Push)], Unsaid(order));
    }

    [Fact]
    public void A_snapshot_is_read_and_written_as_it_always_was()
    {
        var state = OrderJson.ReadState(Encoding.UTF8.GetBytes(State));
        Assert.Equal(State, Encoding.UTF8.GetString(OrderJson.WriteState(state)));
        Invariants.HoldAlone(state);
        var order = Assert.Single(state.Orders.Values);
        Assert.Empty(Unsaid(order));
    }

    [Theory]
    [InlineData("order.placed", 2)]
    [InlineData("order.vanished", 1)]
    public void What_a_newer_program_wrote_is_not_guessed_at(string kind, int version) =>
        Assert.Contains("newer", Assert.Throws<InvalidOperationException>(() => OrderJson.Read(kind, version, "{}"u8)).Message, StringComparison.Ordinal);

    // Members about which a text says nothing, so that it would not hold them in place.
    /// <summary>An event of a kind with every member that it can have, for whoever is to say none of them.</summary>
    internal static string TextOf(string kind) => Stored[kind];

    private static IEnumerable<string> Unsaid(object read) => read.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(member => !member.IsDefined(typeof(JsonIgnoreAttribute), inherit: false) || member.GetCustomAttribute<JsonIgnoreAttribute>()!.Condition == JsonIgnoreCondition.Never)
        .Where(member => member.GetValue(read) is var value && (value is null || value.Equals(value.GetType().IsValueType ? Activator.CreateInstance(value.GetType()) : null) || value is System.Collections.IEnumerable list and not string && !list.Cast<object>().Any()))
        .Select(member => member.Name);
}
