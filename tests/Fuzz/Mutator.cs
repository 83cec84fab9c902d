namespace VpcComApi.Fuzz;

/// <summary>Makes new inputs of old ones.</summary>
/// <param name="random">Decides how.</param>
/// <param name="longest">Bytes of the longest input.</param>
public sealed class Mutator(Random random, int longest)
{
    private static readonly byte[] Edges = [0, 1, 2, 3, 4, 7, 8, 0x0F, 0x10, 0x3F, 0x40, 0x7F, 0x80, 0xFE, 0xFF];

    /// <summary>An input that differs from one of these, or is made of two of them.</summary>
    public byte[] Next(IReadOnlyList<byte[]> inputs)
    {
        List<byte> bytes = [.. inputs[random.Next(inputs.Count)]];
        for (int changes = 1 << random.Next(5); changes > 0; changes--)
        {
            Change(bytes, inputs);
        }

        return [.. bytes.Take(longest)];
    }

    private void Change(List<byte> bytes, IReadOnlyList<byte[]> inputs)
    {
        int at = random.Next(bytes.Count + 1);
        bool isEmpty = at == bytes.Count;
        switch (random.Next(isEmpty ? 3 : 9))
        {
            case 0:
                bytes.Insert(at, (byte)random.Next(256));
                break;
            case 1:
                byte[] other = inputs[random.Next(inputs.Count)];
                int from = random.Next(other.Length + 1);
                bytes.InsertRange(at, other.Skip(from).Take(random.Next(1, 64)));
                break;
            case 2:
                bytes.AddRange(inputs[random.Next(inputs.Count)].Take(200));
                break;
            case 3:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 4:
                bytes[at] = Edges[random.Next(Edges.Length)];
                break;
            case 5:
                bytes[at] = (byte)(bytes[at] + random.Next(-4, 5));
                break;
            case 6:
                bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(1, 32)));
                break;
            case 7:
                List<byte> part = bytes.GetRange(at, Math.Min(bytes.Count - at, random.Next(1, 64)));
                bytes.InsertRange(at, part);
                break;
            case 8:
                bytes[at] = (byte)random.Next(256);
                break;
        }
    }
}
