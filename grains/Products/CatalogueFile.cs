using Realtime.Sets;

namespace Realtime.Products;

/// <summary>A set of the medicines database as the store keeps it.</summary>
internal static class CatalogueFile
{
    private const byte Format = 1;

    /// <summary>The compressed payload, and its name.</summary>
    public static (byte[] Payload, string Hash) Write(BdpmSet set) => SetPayload.Write(Format, writer => WriteSet(writer, set));

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">Written by a newer program, or damaged.</exception>
    public static BdpmSet Read(byte[] payload) => SetPayload.Read("catalogue", Format, payload, ReadSet);

    private static void WriteSet(BinaryWriter to, BdpmSet set)
    {
        void Texts(params ReadOnlySpan<string> texts)
        {
            foreach (var text in texts)
                to.Write(text);
        }

        void All<T>(IReadOnlyList<T> records, Action<T> write)
        {
            to.Write(records.Count);
            foreach (var record in records)
                write(record);
        }

        All(set.Specialities, s => Texts(s.Cis, s.Name, s.Form, s.Routes, s.Authorisation, s.Marketing, s.Holder));
        All(set.Presentations, p =>
        {
            Texts(p.Cis, p.Label, p.Status, p.Marketing);
            to.Write(p.Cip13.Number);
            to.Write(p.PriceCents ?? -1);
        });
        All(set.Components, c =>
        {
            Texts(c.Cis, c.Element, c.Code, c.Substance, c.Dosage, c.Reference, c.Link);
            to.Write(c.IsMoiety);
        });
        All(set.Conditions, c => Texts(c.Cis, c.Text));
        All(set.Groups, g => Texts(g.Group, g.Cis, g.Kind));
        All(set.Disruptions, d =>
        {
            Texts(d.Cis, d.Cip13?.ToString() ?? "", d.Start, d.Updated, d.Back, d.Link);
            to.Write((byte)d.Code);
        });
        All(set.MajorInterests, m => Texts(m.Cis, m.Atc));
    }

    private static BdpmSet ReadSet(BinaryReader from)
    {
        // The same forms, routes and substances come thousands of times: each is kept once.
        var pool = new Dictionary<string, string>(StringComparer.Ordinal);
        string Text()
        {
            var text = from.ReadString();
            return pool.TryGetValue(text, out var known) ? known : pool[text] = text;
        }

        List<T> All<T>(Func<T> read)
        {
            var count = from.ReadInt32();
            var records = new List<T>(count);
            for (var i = 0; i < count; i++)
                records.Add(read());
            return records;
        }

        return new(
            All(() => new Speciality(Text(), Text(), Text(), Text(), Text(), Text(), Text())),
            All(() =>
            {
                var (cis, label, status, marketing) = (Text(), Text(), Text(), Text());
                var cip13 = Cip13.Parse($"{from.ReadInt64()}");
                return new Presentation(cis, cip13, label, status, marketing, from.ReadInt32() is >= 0 and var cents ? cents : null);
            }),
            All(() =>
            {
                var (cis, element, code, substance, dosage, reference, link) = (Text(), Text(), Text(), Text(), Text(), Text(), Text());
                return new Component(cis, element, code, substance, dosage, reference, from.ReadBoolean(), link);
            }),
            All(() => new Condition(Text(), Text())),
            All(() => new GroupMember(Text(), Text(), Text())),
            All(() =>
            {
                var (cis, box, start, updated, back, link) = (Text(), Text(), Text(), Text(), Text(), Text());
                return new Disruption(cis, box.Length == 0 ? null : Cip13.Parse(box), from.ReadByte(), start, updated, back, link);
            }),
            All(() => new MajorInterest(Text(), Text())));
    }
}
