using Microsoft.Extensions.DependencyInjection;
using Realtime.Identity;
using Realtime.Mail;
using Realtime.OnCall;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Push;
using Realtime.Recalls;
using Realtime.Webhooks;

namespace Realtime.Tests.Orders;

/// <summary>All that the queue's grain asks of its silo but for the store, with the demo country and its medicines.</summary>
internal static class OrderSilo
{
    /// <summary>A product of the demo of which the law lets a buyer have so many boxes at once.</summary>
    public static Cip13 Sold(int boxes)
    {
        var (rules, at) = (DoseRules.Of(5), NodaTime.Instant.FromUtc(2026, 11, 23, 9, 0));
        return DemoProducts.Catalogue(rules, at).Products.First(product => DoseLaw.MostBoxes(product.Cip13, product.Facts, rules, at, 5) >= boxes).Cip13;
    }

    public static void AddOrdersForTests(this ISiloBuilder silo, TimeProvider time, RealtimeOptions? options = null)
    {
        var clock = new Clock(time);
        var shelf = new Shelf(DoseRules.Of(5));
        shelf.Swap(DemoProducts.Catalogue(shelf.Rules, clock.Now));
        silo.Services.AddSingleton(clock);
        silo.Services.AddSingleton(options ?? new RealtimeOptions());
        silo.Services.AddSingleton(new DemoWorld(DemoCountry.Create()));
        silo.Services.AddSingleton(shelf);
        silo.Services.AddSingleton(Secret.Parse(Secret.Demo));
        silo.Services.AddSingleton<OrderSecrets>();
        silo.Services.AddSingleton(new MailOptions());
        silo.Services.AddSingleton<Mailer>();
        silo.Services.AddSingleton<OrderPost>();
        silo.Services.AddSingleton<VapidKey>();
        silo.Services.AddSingleton(new WebhookGuard(allowsPrivate: true));
        silo.Services.AddSingleton<PushPost>();
        silo.Services.AddSingleton<OnCallKnowledge>();
        silo.Services.AddHostedService(services => services.GetRequiredService<OnCallKnowledge>());
        silo.Services.AddSingleton<RecallKnowledge>();
        silo.Services.AddHostedService(services => services.GetRequiredService<RecallKnowledge>());
        silo.Services.AddSingleton<RecallSpreader>();
        silo.Services.AddHostedService(services => services.GetRequiredService<RecallSpreader>());
    }
}
