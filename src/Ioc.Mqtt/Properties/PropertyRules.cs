using Ioc.Mqtt.Packets;

namespace Ioc.Mqtt.Properties;

/// <summary>The shape of a property's value on the wire.</summary>
internal enum PropertyShape : byte
{
    Unknown,
    Byte,
    UInt16,
    UInt32,
    Variable,
    Text,
    Binary,
    Pair,
}

/// <summary>Which property has which shape and may stand where: the standard's table 2-4 as bits.</summary>
internal static class PropertyRules
{
    /// <summary>Highest property number plus one.</summary>
    public const int IdCount = 0x2B;

    /// <summary>Will properties stand inside CONNECT and have a set of their own.</summary>
    public const ulong Will = 1UL << 0x01 | 1UL << 0x02 | 1UL << 0x03 | 1UL << 0x08 | 1UL << 0x09 | 1UL << 0x18 | User;

    /// <summary>Only these may stand more than once; subscription identifiers in a delivered PUBLISH.</summary>
    public const ulong Repeatable = User;

    private const ulong User = 1UL << 0x26;
    private const ulong Reason = 1UL << 0x1F;

    private static readonly PropertyShape[] Shapes = Table();

    public static PropertyShape ShapeOf(PropertyId id) => (int)id < IdCount ? Shapes[(int)id] : PropertyShape.Unknown;

    public static ulong AllowedIn(PacketType type) => type switch
    {
        PacketType.Connect => 1UL << 0x11 | 1UL << 0x15 | 1UL << 0x16 | 1UL << 0x17 | 1UL << 0x19 | 1UL << 0x21 | 1UL << 0x22 | 1UL << 0x27 | User,
        PacketType.Connack => 1UL << 0x11 | 1UL << 0x12 | 1UL << 0x13 | 1UL << 0x15 | 1UL << 0x16 | 1UL << 0x1A | 1UL << 0x1C | Reason
            | 1UL << 0x21 | 1UL << 0x22 | 1UL << 0x24 | 1UL << 0x25 | 1UL << 0x27 | 1UL << 0x28 | 1UL << 0x29 | 1UL << 0x2A | User,
        PacketType.Publish => 1UL << 0x01 | 1UL << 0x02 | 1UL << 0x03 | 1UL << 0x08 | 1UL << 0x09 | 1UL << 0x0B | 1UL << 0x23 | User,
        PacketType.Subscribe => 1UL << 0x0B | User,
        PacketType.Unsubscribe => User,
        PacketType.Disconnect => 1UL << 0x11 | 1UL << 0x1C | Reason | User,
        PacketType.Auth => 1UL << 0x15 | 1UL << 0x16 | Reason | User,
        _ => Reason | User,
    };

    public static bool IsFlag(PropertyId id) => id is PropertyId.PayloadFormatIndicator or PropertyId.RequestProblemInformation
        or PropertyId.RequestResponseInformation or PropertyId.MaximumQos or PropertyId.RetainAvailable
        or PropertyId.WildcardSubscriptionAvailable or PropertyId.SubscriptionIdentifierAvailable or PropertyId.SharedSubscriptionAvailable;

    public static bool MustNotBeZero(PropertyId id) =>
        id is PropertyId.ReceiveMaximum or PropertyId.MaximumPacketSize or PropertyId.SubscriptionIdentifier;

    private static PropertyShape[] Table()
    {
        var shapes = new PropertyShape[IdCount];
        Set(PropertyShape.Byte, 0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A);
        Set(PropertyShape.UInt16, 0x13, 0x21, 0x22, 0x23);
        Set(PropertyShape.UInt32, 0x02, 0x11, 0x18, 0x27);
        Set(PropertyShape.Variable, 0x0B);
        Set(PropertyShape.Text, 0x03, 0x08, 0x12, 0x15, 0x1A, 0x1C, 0x1F);
        Set(PropertyShape.Binary, 0x09, 0x16);
        Set(PropertyShape.Pair, 0x26);
        return shapes;

        void Set(PropertyShape shape, params ReadOnlySpan<byte> ids)
        {
            foreach (byte id in ids)
                shapes[id] = shape;
        }
    }
}
