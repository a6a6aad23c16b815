using Realtime.Benchmarks.Orders;

if (args is ["orders", .. var words])
    return await OrderThroughput.Run(words);
BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(OrderThroughput).Assembly).Run(args);
return 0;
