namespace Ioc.Tests.Mqtt.Fuzz;

/// <summary>Makes bytes of a packet that are nearly one.</summary>
internal static class Mutation
{
    // Values that lengths and ids turn on.
    private static readonly byte[] Edges = [0x00, 0x01, 0x7F, 0x80, 0xFF, 0x26, 0x23, 0x0B];

    public static byte[] Apply(Random random, byte[] packet)
    {
        byte[] bytes = packet;
        for (int changes = random.Next(1, 4); changes > 0 && bytes.Length > 0; changes--)
            bytes = ApplyOne(random, bytes);
        return bytes;
    }

    private static byte[] ApplyOne(Random random, byte[] bytes)
    {
        int at = random.Next(bytes.Length);
        switch (random.Next(9))
        {
            case 0:
                return Set(bytes, at, (byte)(bytes[at] ^ (1 << random.Next(8))));
            case 1:
                return Set(bytes, at, Edges[random.Next(Edges.Length)]);
            case 2:
                return Set(bytes, at, (byte)random.Next(256));
            case 3:
                return bytes[..at]; // cut off
            case 4:
                return Agree([.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 5))..]]); // taken out, the announced length agreeing
            case 5:
                return Agree([.. bytes[..at], (byte)random.Next(256), .. bytes[at..]]); // put in, likewise
            case 6:
                return bytes.Length > 1 ? Set(bytes, 1, (byte)random.Next(256)) : bytes; // a lie about the length
            case 7:
                int other = random.Next(bytes.Length);
                return Set(Set(bytes, at, bytes[other]), other, bytes[at]); // swapped
            default:
                return [.. bytes, .. bytes[at..]]; // more behind it
        }
    }

    private static byte[] Set(byte[] bytes, int at, byte value)
    {
        byte[] changed = [.. bytes];
        changed[at] = value;
        return changed;
    }

    // Only where the length is one byte, as it is of most.
    private static byte[] Agree(byte[] bytes) => bytes.Length is >= 2 and < 130 ? Set(bytes, 1, (byte)(bytes.Length - 2)) : bytes;
}
