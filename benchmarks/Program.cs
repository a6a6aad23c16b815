using Realtime.Benchmarks.Lgo;
using Realtime.Benchmarks.Orders;

if (args is ["orders", .. var words])
    return await OrderThroughput.Run(words);
if (args is ["lgo-load", .. var asked])
    return await FeedLoad.Run(asked);
BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(OrderThroughput).Assembly).Run(args);
return 0;
