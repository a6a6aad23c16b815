namespace Realtime.Tests.Orders;

/// <summary>
/// Suites that kill real processes in full work and measure no time: one after the other, beside whatever else is tried. Those that do measure are alone on the machine
/// (<see cref="Cluster.ClusterTests"/>).
/// </summary>
[CollectionDefinition(nameof(KillSuites))]
public sealed class KillSuites;
