using System.Text;
using Xunit;

namespace Ioc.Tests.Broker.Conformance;

/// <summary>A PUBLISH of 5.0 as a subscriber sees it, read by hand from the standard.</summary>
internal sealed record Delivered(string Topic, string Payload, int Qos, bool Dup, bool Retain, int PacketId, byte[] Raw, List<(int Id, byte[] Value)> Properties)
{
    /// <summary>Numbers of the subscriptions it came by, in ascending order.</summary>
    public IEnumerable<int> SubscriptionIds => Properties.Where(property => property.Id == 0x0B).Select(property => (int)property.Value[0]).Order();

    public static Delivered Read(byte[] packet)
    {
        Assert.Equal(3, packet[0] >> 4);
        int at = 1;
        while (packet[at++] >= 0x80)
        {
            // the length's bytes but the last
        }

        int qos = (packet[0] >> 1) & 3;
        string topic = Encoding.UTF8.GetString(Take(packet, ref at, (packet[at] << 8) | packet[at + 1], skip: 2));
        byte[] id = Take(packet, ref at, qos > 0 ? 2 : 0);
        List<(int, byte[])> properties = ReadProperties(packet.AsSpan(at), out int bytes);
        byte[] raw = Take(packet, ref at, bytes);
        return new Delivered(topic, Encoding.UTF8.GetString(packet[at..]), qos, (packet[0] & 8) != 0, (packet[0] & 1) != 0, qos > 0 ? (id[0] << 8) | id[1] : 0, raw[(bytes > 128 ? 2 : 1)..], properties);
    }

    /// <summary>Properties with their length in front; how wide a value is says the standard's table 2-4.</summary>
    public static List<(int Id, byte[] Value)> ReadProperties(ReadOnlySpan<byte> packet, out int bytes)
    {
        byte[] all = packet.ToArray();
        int at = 0;
        int length = all[at] & 0x7F;
        if (all[at++] >= 0x80)
            length |= all[at++] << 7;

        bytes = at + length;
        var properties = new List<(int, byte[])>();
        while (at < bytes)
        {
            int id = all[at++];
            int text = at + 1 < bytes ? 2 + ((all[at] << 8) | all[at + 1]) : 0;
            properties.Add((id, Take(all, ref at, id switch
            {
                0x01 or 0x17 or 0x19 or 0x24 or 0x25 or 0x28 or 0x29 or 0x2A => 1,
                0x13 or 0x21 or 0x22 or 0x23 => 2,
                0x02 or 0x11 or 0x18 or 0x27 => 4,
                0x0B => all[at] < 0x80 ? 1 : 2,
                0x26 => text + 2 + ((all[at + text] << 8) | all[at + text + 1]),
                _ => text,
            })));
        }

        return properties;
    }

    private static byte[] Take(byte[] bytes, ref int at, int count, int skip = 0)
    {
        byte[] taken = bytes[(at + skip)..(at + skip + count)];
        at += skip + count;
        return taken;
    }
}
