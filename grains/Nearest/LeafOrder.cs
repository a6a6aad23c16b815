using System.Runtime.InteropServices;

namespace Realtime.Nearest;

/// <summary>Puts places in the order in which a <see cref="PlaceTree"/> holds them.</summary>
internal static class LeafOrder
{
    /// <summary>The slots of the places, leaf after leaf.</summary>
    public static int[] Of(ReadOnlySpan<UnitVector> places)
    {
        var order = new Point[places.Length];
        for (var slot = 0; slot < places.Length; slot++)
            order[slot] = new Point((float)places[slot].X, (float)places[slot].Y, (float)places[slot].Z, slot);
        var subtree = TreeShape.Width;
        while (subtree < order.Length)
            subtree *= TreeShape.Width;
        Halve(order, new float[order.Length], subtree);
        return Array.ConvertAll(order, point => point.Slot);
    }

    // The left half is made of whole subtrees, so that it ends where a node ends.
    private static void Halve(Span<Point> range, Span<float> keys, int subtree)
    {
        if (range.Length <= TreeShape.Width)
            return;
        while (subtree >= range.Length)
            subtree /= TreeShape.Width;
        var middle = (range.Length + subtree - 1) / subtree / 2 * subtree;
        var axis = LongestSide(range);
        for (var i = 0; i < range.Length; i++)
            keys[i] = range[i].On(axis);
        Select(keys[..range.Length], range, middle);
        Halve(range[..middle], keys, subtree);
        Halve(range[middle..], keys, subtree);
    }

    private static int LongestSide(ReadOnlySpan<Point> range)
    {
        var (longest, axis) = (-1f, 0);
        for (var candidate = 0; candidate < 3; candidate++)
        {
            var (least, greatest) = (float.PositiveInfinity, float.NegativeInfinity);
            foreach (ref readonly var point in range)
            {
                var at = point.On(candidate);
                least = Math.Min(least, at);
                greatest = Math.Max(greatest, at);
            }
            if (greatest - least > longest)
                (longest, axis) = (greatest - least, candidate);
        }
        return axis;
    }

    // Hoare's selection: afterwards no key before the middle is greater than any key from it on. Equal keys are swapped too, so that
    // many places at one position do not make it quadratic.
    private static void Select(Span<float> keys, Span<Point> points, int middle)
    {
        var (low, high) = (0, keys.Length - 1);
        while (low < high)
        {
            var pivot = keys[low + ((high - low) / 2)];
            var (left, right) = (low, high);
            while (left <= right)
            {
                while (keys[left] < pivot)
                    left++;
                while (keys[right] > pivot)
                    right--;
                if (left > right)
                    break;
                (keys[left], keys[right]) = (keys[right], keys[left]);
                (points[left], points[right]) = (points[right], points[left]);
                left++;
                right--;
            }
            if (middle <= right)
                high = right;
            else if (middle >= left)
                low = left;
            else
                return;
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Point(float X, float Y, float Z, int Slot)
    {
        public float On(int axis) => axis switch { 0 => X, 1 => Y, _ => Z };
    }
}
