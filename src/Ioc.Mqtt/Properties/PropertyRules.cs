using Ioc.Mqtt.Framing;
using Ioc.Mqtt.Packets;
using Ioc.Mqtt.Topics;

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

/// <summary>What may stand among the properties of one kind of packet, one bit per number.</summary>
internal readonly record struct PropertyPlace(ulong Allowed, ulong Repeatable);

/// <summary>Which property has which shape and may stand where: the standard's table 2-4 as bits.</summary>
internal static class PropertyRules
{
    /// <summary>Highest property number plus one.</summary>
    public const int IdCount = 0x2B;

    private const ulong User = 1UL << 0x26;
    private const ulong Reason = 1UL << 0x1F;

    private const ulong Will = 1UL << 0x01 | 1UL << 0x02 | 1UL << 0x03 | 1UL << 0x08 | 1UL << 0x09 | 1UL << 0x18 | User;

    private static readonly PropertyShape[] Shapes = Table();

    // Only user properties may stand more than once, and in a delivered PUBLISH subscription identifiers.
    private static readonly PropertyPlace[] Places =
        [.. Enum.GetValues<PacketType>().Select(type => new PropertyPlace(AllowedIn(type), User | (type == PacketType.Publish ? 1UL << 0x0B : 0)))];

    /// <summary>Will properties stand inside CONNECT and have a set of their own.</summary>
    public static PropertyPlace InWill => new(Will, User);

    public static PropertyShape ShapeOf(PropertyId id) => (int)id < IdCount ? Shapes[(int)id] : PropertyShape.Unknown;

    public static PropertyPlace In(PacketType type) => Places[(int)type];

    /// <summary>Judges a packet's properties.</summary>
    /// <param name="raw">Encoded, without their length.</param>
    /// <param name="place">What the packet allows.</param>
    /// <param name="seen">One bit per number that is there.</param>
    public static ReadStatus Check(ReadOnlySpan<byte> raw, PropertyPlace place, out ulong seen)
    {
        seen = 0;
        for (int at = 0; at < raw.Length;)
        {
            if (!PropertySlot.TryRead(raw, ref at, out PropertySlot slot))
                return ReadStatus.Malformed;

            ulong bit = 1UL << (int)slot.Id;
            if ((place.Allowed & bit) == 0)
                return ReadStatus.Malformed; // standard 2.2.2.2: an identifier that is not of this packet type
            if ((seen & bit & ~place.Repeatable) != 0)
                return ReadStatus.ProtocolError;

            seen |= bit;
            ReadStatus status = Judge(slot, raw);
            if (status != ReadStatus.Complete)
                return status;
        }

        // Standard 3.1.2.11.10: authentication data without a method.
        const ulong data = 1UL << (int)PropertyId.AuthenticationData;
        const ulong method = 1UL << (int)PropertyId.AuthenticationMethod;
        return (seen & data) != 0 && (seen & method) == 0 ? ReadStatus.ProtocolError : ReadStatus.Complete;
    }

    private static ReadStatus Judge(in PropertySlot slot, ReadOnlySpan<byte> raw)
    {
        PropertyShape shape = ShapeOf(slot.Id);
        if (shape >= PropertyShape.Text)
        {
            if (shape != PropertyShape.Binary && !(Utf8Text.IsValid(raw.Slice(slot.NameStart, slot.NameLength)) && Utf8Text.IsValid(raw.Slice(slot.BytesStart, slot.BytesLength))))
                return ReadStatus.Malformed;

            return slot.Id == PropertyId.ResponseTopic && !TopicName.IsValid(raw.Slice(slot.BytesStart, slot.BytesLength))
                ? ReadStatus.ProtocolError // [MQTT-3.3.2-14]
                : ReadStatus.Complete;
        }

        if (IsFlag(slot.Id) && slot.Number > 1)
            return ReadStatus.ProtocolError;
        if (MustNotBeZero(slot.Id) && slot.Number == 0)
            return ReadStatus.ProtocolError;

        return slot.Id == PropertyId.TopicAlias && slot.Number == 0 ? ReadStatus.InvalidTopicAlias : ReadStatus.Complete; // [MQTT-3.3.2-8]
    }

    private static ulong AllowedIn(PacketType type) => type switch
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

    private static bool IsFlag(PropertyId id) => id is PropertyId.PayloadFormatIndicator or PropertyId.RequestProblemInformation
        or PropertyId.RequestResponseInformation or PropertyId.MaximumQos or PropertyId.RetainAvailable
        or PropertyId.WildcardSubscriptionAvailable or PropertyId.SubscriptionIdentifierAvailable or PropertyId.SharedSubscriptionAvailable;

    private static bool MustNotBeZero(PropertyId id) =>
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
