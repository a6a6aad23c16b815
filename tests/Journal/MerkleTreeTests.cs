using System.Security.Cryptography;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

public sealed class MerkleTreeTests
{
    // The eight entries and roots by which Certificate Transparency's own implementations are checked.
    private static readonly string[] Entries = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4")]
    [InlineData(7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void Roots_are_those_of_the_standard(int leaves, string root) =>
        Assert.Equal(root, Convert.ToHexStringLower(Grown(Entries[..leaves].Select(Convert.FromHexString))));

    [Fact]
    public void A_tree_that_grows_has_the_root_that_the_standard_defines_by_splitting()
    {
        for (var count = 0; count < 70; count++)
        {
            byte[][] leaves = [.. Enumerable.Range(0, count).Select(i => new byte[] { (byte)i, (byte)(i * 7) })];
            Assert.Equal(Split(leaves), Grown(leaves));
        }
    }

    [Fact]
    public void The_order_in_which_streams_are_found_does_not_matter_and_the_order_of_their_bytes_does()
    {
        // In UTF-16 the second would come first: it begins with a surrogate.
        StreamTip[] tips = [new("\uFF5Ea", 1, new byte[32]), new("\U0001F48A", 2, new byte[32]), new("a", 3, new byte[32])];
        var expected = Grown([tips[2].Leaf(), tips[0].Leaf(), tips[1].Leaf()]);
        Assert.Equal(expected, StreamTip.Root(tips));
        Assert.Equal(expected, StreamTip.Root(tips.Reverse()));
    }

    private static byte[] Grown(IEnumerable<byte[]> leaves)
    {
        var tree = new MerkleTree();
        foreach (var leaf in leaves)
            tree.Add(leaf);
        return tree.Root();
    }

    private static byte[] Split(ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length == 0)
            return SHA256.HashData([]);
        if (leaves.Length == 1)
            return SHA256.HashData([0, .. leaves[0]]);
        var left = 1;
        while (left * 2 < leaves.Length)
            left *= 2;
        return SHA256.HashData([1, .. Split(leaves[..left]), .. Split(leaves[left..])]);
    }
}
