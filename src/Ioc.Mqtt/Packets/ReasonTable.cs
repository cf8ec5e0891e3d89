namespace Ioc.Mqtt.Packets;

/// <summary>Which outcomes a packet may tell: the tables of 5.0's sections 3.2.2.2, 3.4.2.1 to 3.7.2.1, 3.9.3, 3.11.3, 3.14.2.1 and 3.15.2.1.</summary>
/// <remarks>Both directions together: this codec serves clients as well.</remarks>
internal static class ReasonTable
{
    private static readonly bool[][] Legal =
    [
        .. Enumerable.Range(0, 16).Select(type => Table((PacketType)type)),
    ];

    public static bool AreLegalIn(PacketType type, byte code) => Legal[(int)type][code];

    private static bool[] Table(PacketType type)
    {
        var table = new bool[256];
        foreach (byte code in Codes(type))
            table[code] = true;
        return table;
    }

    private static byte[] Codes(PacketType type) => type switch
    {
        PacketType.Connack => [0x00, .. Range(0x80, 0x8A), 0x8C, 0x90, 0x95, 0x97, .. Range(0x99, 0x9D), 0x9F],
        PacketType.Puback or PacketType.Pubrec => [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99],
        PacketType.Pubrel or PacketType.Pubcomp => [0x00, 0x92],
        PacketType.Suback => [0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2],
        PacketType.Unsuback => [0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91],
        PacketType.Disconnect => [0x00, 0x04, .. Range(0x80, 0x83), 0x87, 0x89, 0x8B, .. Range(0x8D, 0x90), .. Range(0x93, 0xA2)],
        PacketType.Auth => [0x00, 0x18, 0x19],
        _ => [],
    };

    private static IEnumerable<byte> Range(int first, int last) => Enumerable.Range(first, last - first + 1).Select(code => (byte)code);
}
