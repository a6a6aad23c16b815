using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Realtime.Identity;
using Realtime.People;

namespace Realtime.Tests.Cluster;

/// <summary>Who reaches the ports of a silo and does not have the installation's secret.</summary>
public sealed class StrangersAtTheDoorTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Who_has_the_secret_is_let_in_and_nobody_else_gives_a_role()
    {
        await using var node = await RealtimeHost.Start(demo: true);
        var people = node.Services.GetRequiredService<Web.People.PeopleDirectory>();

        // Both are tried until their patience is over: side by side.
        await Task.WhenAll(
            Assert.ThrowsAnyAsync<Exception>(() => GiveRole(node, "p-bare", _ => { })),
            Assert.ThrowsAnyAsync<Exception>(() => GiveRole(node, "p-other", services => services.AddSingleton(Secret.Parse(ProductProcess.Secret)).AddClientHandshake())));
        await GiveRole(node, "p-own", services => services.AddSingleton(node.Services.GetRequiredService<Secret>()).AddClientHandshake());
        await people.Until(() => people.RolesOf("p-own").Count > 0);

        Assert.Empty(people.RolesOf("p-bare"));
        Assert.Empty(people.RolesOf("p-other"));
        Assert.Equal(["operator"], people.RolesOf("p-own"));
    }

    [Fact]
    public async Task Both_sides_show_the_secret_and_what_follows_is_left_to_others()
    {
        var (heard, sides) = (new byte[3], new Pair());
        var accepting = Handshake(ProductProcess.Secret).Accept(async connection =>
        {
            var read = await connection.Transport.Input.ReadAtLeastAsync(3);
            read.Buffer.FirstSpan[..3].CopyTo(heard);
        })(sides.Accepting);
        var connecting = Handshake(ProductProcess.Secret).Connect(async connection => await connection.Transport.Output.WriteAsync((byte[])[1, 2, 3]))(sides.Connecting);

        await Task.WhenAll(accepting, connecting).WaitAsync(Patience);

        Assert.Equal([1, 2, 3], heard);
    }

    [Fact]
    public async Task With_another_secret_neither_side_goes_on()
    {
        var sides = new Pair();
        var accepting = Handshake(ProductProcess.Secret).Accept(_ => throw new InvalidOperationException("It was let in."))(sides.Accepting);
        var connecting = Handshake(Secret.Demo).Connect(_ => throw new InvalidOperationException("It went in."))(sides.Connecting);

        await Assert.ThrowsAsync<ConnectionAbortedException>(() => connecting.WaitAsync(Patience));
        await sides.Connecting.Transport.Output.CompleteAsync();
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => accepting.WaitAsync(Patience));
    }

    [Fact]
    public async Task What_the_other_side_said_is_no_proof()
    {
        var sides = new Pair();
        var accepting = Handshake(ProductProcess.Secret).Accept(_ => throw new InvalidOperationException("It was let in."))(sides.Accepting);
        await sides.Connecting.Transport.Output.WriteAsync(new byte[32]);
        var answer = await sides.Connecting.Transport.Input.ReadAtLeastAsync(64);

        await sides.Connecting.Transport.Output.WriteAsync(answer.Buffer.Slice(32, 32).First);

        await Assert.ThrowsAsync<ConnectionAbortedException>(() => accepting.WaitAsync(Patience));
    }

    [Fact]
    public async Task Who_says_nothing_is_not_waited_for()
    {
        var accepting = Handshake(ProductProcess.Secret).Accept(_ => throw new InvalidOperationException("It was let in."))(new Pair().Accepting);

        await Assert.ThrowsAsync<ConnectionAbortedException>(() => accepting.WaitAsync(Patience));
    }

    private static ClusterHandshake Handshake(string secret) => new(Secret.Parse(secret), NullLogger<ClusterHandshake>.Instance);

    private static async Task GiveRole(RealtimeHost node, string person, Action<IServiceCollection> proof)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        proof(builder.Services);
        builder.UseOrleansClient(client => client.UseLocalhostClustering(node.Services.GetRequiredService<RealtimeOptions>().GatewayPort, "realtime", "embedded"));
        using var client = builder.Build();
        await client.StartAsync().WaitAsync(Patience);
        await client.Services.GetRequiredService<IGrainFactory>().GetGrain<IGrantsGrain>("all").Give(person, "operator", "Eve", "nobody").WaitAsync(Patience);
        await client.StopAsync();
    }

    /// <summary>Two ends of one connection, in memory.</summary>
    private sealed class Pair
    {
        public Pair()
        {
            var (there, back) = (new Pipe(), new Pipe());
            Connecting = new DefaultConnectionContext("connecting", new Side(back.Reader, there.Writer), new Side(back.Reader, there.Writer));
            Accepting = new DefaultConnectionContext("accepting", new Side(there.Reader, back.Writer), new Side(there.Reader, back.Writer));
        }

        public DefaultConnectionContext Connecting { get; }

        public DefaultConnectionContext Accepting { get; }
    }

    private sealed record Side(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
