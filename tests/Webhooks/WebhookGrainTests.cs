using System.Text;
using NodaTime;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Webhooks;

namespace Realtime.Tests.Webhooks;

/// <summary>From a row to a receiver, in a real silo on a real store, over real HTTP.</summary>
[Collection(nameof(WebhookSilo))]
public sealed class WebhookGrainTests(WebhookSilo silo)
{
    private static readonly CounterHand Pharmacist = new("p-pharmacist", IsPharmacist: true, null);

    [Fact]
    public async Task What_happens_is_told_once_signed_and_under_ids_that_follow_from_the_rows()
    {
        await using var receiver = await WebhookReceiver.Start();
        var pharmacy = await silo.Next(boxes: 2);
        var (_, secret) = await pharmacy.Add(receiver.Url);

        var order = await pharmacy.Place();
        await pharmacy.Queue.Accept(order, Pharmacist, null);
        await pharmacy.Count(0);
        await silo.Grain<IPharmacyGrain>(pharmacy.Id).Pause("travaux", null, 0, "p-pharmacist");
        await silo.Grain<IPharmacyGrain>(pharmacy.Id).Resume(1, "p-pharmacist");
        await receiver.Until(() => receiver.All.Count >= 5, "Five messages");
        await Task.Delay(300);

        Assert.Equal(["order.placed", "order.changed", "stock.short", "pharmacy.paused", "pharmacy.resumed"], receiver.All.OrderBy(one => one.Json.GetProperty("timestamp").GetDateTimeOffset()).Select(one => one.Type));
        Assert.All(receiver.All, one =>
        {
            Assert.Equal(WebhookSignature.Sign(secret, one.Id, Instant.FromUnixTimeSeconds(long.Parse(one.Timestamp)), Encoding.UTF8.GetBytes(one.Body)), one.Signature);
            Assert.InRange(long.Parse(one.Timestamp), silo.Time.Now.ToUnixTimeSeconds() - 20, silo.Time.Now.ToUnixTimeSeconds() + 1);
            Assert.Equal(pharmacy.Id.Value, one.Data.GetProperty("pharmacy").GetString());
            Assert.DoesNotContain("Zo", one.Body, StringComparison.Ordinal);
        });
        Assert.Equal($"msg_{pharmacy.Id}_orders_2_1", receiver.All.Single(one => one.Type == "order.placed").Id);
        Assert.Equal(order.ToString(), receiver.All.Single(one => one.Type == "order.placed").Data.GetProperty("orderId").GetString());
    }

    [Fact]
    public async Task An_endpoint_gets_only_what_it_asked_for_and_what_came_after_it()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var other = await WebhookReceiver.Start();
        var pharmacy = await silo.Next();
        await pharmacy.Place();
        await pharmacy.Add(receiver.Url, "order.placed");
        await pharmacy.Add(other.Url, "order.changed");
        var order = await pharmacy.Place();
        await pharmacy.Queue.Accept(order, Pharmacist, null);
        await receiver.Until(() => !receiver.All.IsEmpty && !other.All.IsEmpty, "A message to each");
        await Task.Delay(300);

        Assert.Equal(("order.placed", order.ToString()), (Assert.Single(receiver.All).Type, receiver.All.Single().Data.GetProperty("orderId").GetString()));
        Assert.Equal("order.changed", Assert.Single(other.All).Type);
    }

    [Fact]
    public async Task Many_that_were_taken_at_once_leave_one_row_and_the_next_activation_does_not_send_them_again()
    {
        await using var receiver = await WebhookReceiver.Start();
        var pharmacy = await silo.Next();
        await pharmacy.Add(receiver.Url, "order.placed");
        for (var i = 0; i < 30; i++)
            await pharmacy.Place();
        await receiver.Until(() => receiver.All.Count == 30, "Thirty messages");
        await Later(pharmacy, Duration.FromSeconds(11));

        Assert.Equal(2, (await silo.Journal.Read(WebhookStreams.Of(pharmacy.Id), 0, TestContext.Current.CancellationToken)).Count);
        await silo.Deactivate(pharmacy.Webhooks);
        await pharmacy.Webhooks.Wake(0, 0);
        await Task.Delay(300);
        Assert.Equal(30, receiver.All.Count);
    }

    [Fact]
    public async Task What_was_taken_before_the_cursor_was_written_is_sent_again_under_the_same_ids_and_nothing_is_lost()
    {
        await using var receiver = await WebhookReceiver.Start();
        var pharmacy = await silo.Next();
        await pharmacy.Add(receiver.Url, "order.placed");
        for (var i = 0; i < 5; i++)
            await pharmacy.Place();
        await receiver.Until(() => receiver.All.Count == 5, "Five messages");
        await silo.Deactivate(pharmacy.Webhooks);
        await pharmacy.Webhooks.Wake(0, 0);
        await receiver.Until(() => receiver.All.Count == 10, "The five again");

        Assert.Equal(5, receiver.All.Select(one => (one.Id, one.Body)).Distinct().Count());
    }

    [Fact]
    public async Task One_that_is_not_taken_is_tried_for_three_days_holds_no_newer_one_back_and_ends_as_a_dead_letter_that_can_be_sent_again()
    {
        await using var receiver = await WebhookReceiver.Start();
        var pharmacy = await silo.Next();
        var (webhook, _) = await pharmacy.Add(receiver.Url, "order.placed");
        string? refused = null;
        receiver.Answer = (_, one) => Task.FromResult(one.Id == (refused ??= one.Id) ? 500 : 204);
        await pharmacy.Place(byCounter: true);
        var begun = silo.Time.Now;
        for (var attempt = 1; attempt < 10; attempt++)
        {
            await Settled(pharmacy, attempt);
            await pharmacy.Place(byCounter: true);
            await receiver.Until(() => receiver.Taken.Count() == attempt, $"The newer one beside attempt {attempt}");
            await Later(pharmacy, WebhookRetries.Waits[attempt - 1] - Duration.FromSeconds(2));
            Assert.Equal(attempt, Tries());
            await Later(pharmacy, WebhookRetries.Waits[attempt - 1] * 0.2 + Duration.FromSeconds(3));
            await receiver.Until(() => Tries() == attempt + 1, $"Attempt {attempt + 1}");
        }
        await receiver.Until(async () => await pharmacy.View() is { Waiting: 0, Dead: 1 }, "The dead letter");
        Assert.InRange((silo.Time.Now - begun).TotalHours, 75, 93);

        var letter = Assert.Single((await pharmacy.Webhooks.Dead(webhook))!);
        Assert.Equal((10, "http-500", WebhookMessages.OrderPlaced), (letter.Attempts, letter.Answer, letter.Type));
        receiver.Answer = (_, _) => Task.FromResult(200);
        Assert.Null((await pharmacy.Webhooks.Redeliver(webhook, letter.Message, "p-owner")).Refusal);
        await receiver.Until(() => receiver.Taken.Contains(letter.Message.ToString()), "The letter");
        await receiver.Until(async () => await pharmacy.View() is { Waiting: 0, Dead: 0 }, "No dead letter");
        Assert.Single(receiver.All.Where(one => one.Id == letter.Message.ToString()).Select(one => one.Body).Distinct());

        int Tries() => receiver.All.Count(one => one.Id == refused);
    }

    [Fact]
    public async Task What_waits_is_tried_again_by_the_next_activation_too()
    {
        await using var receiver = await WebhookReceiver.Start(always: 503);
        var pharmacy = await silo.Next();
        await pharmacy.Add(receiver.Url, "order.placed");
        await pharmacy.Place();
        await receiver.Until(() => !receiver.All.IsEmpty, "An attempt");
        await Settled(pharmacy, 1);
        await silo.Deactivate(pharmacy.Webhooks);
        receiver.Answer = (_, _) => Task.FromResult(204);
        await Later(pharmacy, Duration.FromSeconds(7));
        await receiver.Until(() => receiver.Taken.Any(), "The message");
        Assert.Single(receiver.All.Select(one => (one.Id, one.Body)).Distinct());
    }

    [Fact]
    public async Task A_receiver_that_hangs_holds_up_no_other_of_the_pharmacy()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var hanging = await WebhookReceiver.Start();
        var release = new TaskCompletionSource();
        hanging.Answer = async (_, _) =>
        {
            await release.Task;
            return 204;
        };
        var pharmacy = await silo.Next();
        await pharmacy.Add(hanging.Url, "order.placed");
        await pharmacy.Add(receiver.Url, "order.placed");
        for (var i = 0; i < 40; i++)
            await pharmacy.Place();
        await receiver.Until(() => receiver.Taken.Count() == 40, "Forty messages to the other", seconds: 5);
        release.SetResult();
        await hanging.Until(() => hanging.Taken.Count() == 40, "Forty messages to the one that hung");
    }

    [Fact]
    public async Task An_endpoint_that_says_it_is_gone_is_sent_nothing_more_until_it_takes_a_test()
    {
        await using var receiver = await WebhookReceiver.Start(always: 410);
        var pharmacy = await silo.Next();
        var (webhook, _) = await pharmacy.Add(receiver.Url, "order.placed");
        await pharmacy.Place();
        await receiver.Until(async () => await pharmacy.View() is { GoneAt: not null, Dead: 1 }, "It is gone");
        await pharmacy.Place();
        await Task.Delay(500);
        Assert.Single(receiver.All);

        receiver.Answer = (_, _) => Task.FromResult(200);
        var test = (await pharmacy.Webhooks.Test(webhook)).Test!.Value;
        await receiver.Until(async () => await pharmacy.Webhooks.OutcomeOf(test) is { IsTaken: true }, "The test");
        Assert.Null((await pharmacy.View()).GoneAt);
        var order = (await pharmacy.Place()).ToString();
        await receiver.Until(() => receiver.All.Any(one => one.Body.Contains(order, StringComparison.Ordinal)), "What came after the test");
        Assert.Equal(3, receiver.All.Count);
    }

    [Fact]
    public async Task Both_secrets_sign_for_a_day_and_then_the_new_one_alone()
    {
        await using var receiver = await WebhookReceiver.Start();
        var pharmacy = await silo.Next();
        var (webhook, old) = await pharmacy.Add(receiver.Url, "order.placed");
        var rotated = await pharmacy.Webhooks.Rotate(webhook, "p-owner");
        await pharmacy.Place();
        await receiver.Until(() => receiver.All.Count == 1, "A message");
        silo.Time.Set(rotated.OldUntil!.Value + Duration.FromSeconds(1));
        await pharmacy.Webhooks.Test(webhook);
        await receiver.Until(() => receiver.All.Count == 2, "A message a day later");

        Assert.NotEqual(old, rotated.Secret);
        Assert.Equal([[rotated.Secret!, old], [rotated.Secret!]], receiver.All.Select(one => one.Signature.Split(' ').Select(signature => new[] { rotated.Secret!, old }.Single(secret =>
            signature == WebhookSignature.Sign(secret, one.Id, Instant.FromUnixTimeSeconds(long.Parse(one.Timestamp)), Encoding.UTF8.GetBytes(one.Body)))).ToArray()));
    }

    [Fact]
    public async Task What_waits_for_an_endpoint_that_is_taken_out_is_sent_no_more()
    {
        await using var receiver = await WebhookReceiver.Start(always: 500);
        var pharmacy = await silo.Next();
        var (webhook, _) = await pharmacy.Add(receiver.Url, "order.placed");
        await pharmacy.Place();
        await Settled(pharmacy, 1);
        await pharmacy.Webhooks.Remove(webhook, "p-owner");
        await Later(pharmacy, Duration.FromHours(1));
        await Task.Delay(300);
        Assert.Single(receiver.All);
        Assert.Empty(await pharmacy.Webhooks.All());
    }

    [Fact]
    public async Task A_row_of_a_newer_program_holds_up_nothing_that_was_waiting()
    {
        await using var receiver = await WebhookReceiver.Start(always: 503);
        var pharmacy = await silo.Next();
        await pharmacy.Add(receiver.Url, "order.placed");
        await pharmacy.Place();
        await Settled(pharmacy, 1);
        await silo.Deactivate(pharmacy.Queue);
        await silo.Deactivate(pharmacy.Webhooks);
        var last = (await silo.Journal.Read(OrderJson.StreamOf(pharmacy.Id), 0, TestContext.Current.CancellationToken))[^1];
        await silo.Journal.Append(new(last.Stream, last.Seq + 1, last.Hash, last.At, new("order.sung", 1, "test", "newer", "{}"u8.ToArray()), null), TestContext.Current.CancellationToken);

        receiver.Answer = (_, _) => Task.FromResult(204);
        silo.Time.Set(silo.Time.Now + Duration.FromSeconds(7));
        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => pharmacy.Webhooks.Wake(0, 0));

        await receiver.Until(() => receiver.Taken.Any(), "What was waiting");
    }

    // Waits until the last attempt is in the journal.
    private async Task Settled(WebhookPharmacy pharmacy, int attempts)
    {
        for (var started = TimeProvider.System.GetTimestamp(); ; await Task.Delay(10))
        {
            var rows = await silo.Journal.Read(WebhookStreams.Of(pharmacy.Id), 0, TestContext.Current.CancellationToken);
            if (rows.Where(row => row.Event.Kind == "webhooks.moved").Select(row => (DeliveriesMoved)WebhookJson.Read(row.Event.Kind, 1, row.Event.Payload.Span)).Any(moved => moved.Waiting.Any(one => one.Attempts == attempts)))
                return;
            Assert.True(TimeProvider.System.GetElapsedTime(started).TotalSeconds < 15, $"Attempt {attempts} was not written down.");
        }
    }

    private Task Later(WebhookPharmacy pharmacy, Duration later)
    {
        silo.Time.Set(silo.Time.Now + later);
        return pharmacy.Webhooks.Wake(0, 0);
    }
}
