using Realtime.Benchmarks.Lgo;
using Realtime.Benchmarks.Orders;
using Realtime.Benchmarks.Stock;

if (args is ["orders", .. var words])
    return await OrderThroughput.Run(words);
if (args is ["lgo-load", .. var load])
    return await FeedLoad.Run(load);
if (args is ["lgo-conformance", .. var kit])
    return await LgoConformance.Run(kit, Console.Out, Console.Error, isTerminal: !Console.IsOutputRedirected && !Console.IsErrorRedirected, TimeProvider.System);
BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(OrderThroughput).Assembly).Run(args);
return 0;
