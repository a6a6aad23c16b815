using Microsoft.Extensions.Time.Testing;
using Realtime.Keys;

namespace Realtime.Tests.Keys;

/// <summary>What is kept at hand, how much and for how long.</summary>
public sealed class KeyCacheTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void It_holds_so_many_and_the_oldest_goes_first()
    {
        var cache = new KeyCache(_time, most: 3, TimeSpan.FromMinutes(10));
        foreach (var id in new[] { "a", "b", "a", "c", "d" })
            cache.Add(id, [1], cache.Now);
        Assert.Equal("bcd", Held(cache));
        cache.Forget(["c"]);
        cache.Add("e", [1], cache.Now);
        Assert.Equal("bde", Held(cache));
    }

    [Fact]
    public void It_holds_them_for_so_long_however_often_they_are_asked_for()
    {
        var cache = new KeyCache(_time, most: 3, TimeSpan.FromMinutes(10));
        cache.Add("a", [1], cache.Now);
        _time.Advance(TimeSpan.FromMinutes(6));
        cache.Add("b", [1], cache.Now);
        cache.Add("a", [2], cache.Now);
        Assert.Equal("ab", Held(cache));
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("b", Held(cache));
    }

    [Fact]
    public void A_key_that_was_forgotten_while_it_was_read_does_not_come_back()
    {
        var cache = new KeyCache(_time, most: 3, TimeSpan.FromMinutes(10));
        var began = cache.Now;
        cache.Forget(["a"]);
        cache.Add("a", [1], began);
        Assert.Equal("", Held(cache));
        cache.Add("a", [1], cache.Now);
        Assert.Equal("a", Held(cache));
    }

    private static string Held(KeyCache cache) => string.Concat("abcde".Where(id => cache.Find($"{id}") is not null));
}
