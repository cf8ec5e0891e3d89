namespace Ioc.Profiles.Sparkplug;

/// <summary>What a message of the namespace is.</summary>
internal enum SparkplugVerb
{
    /// <summary>Not of the namespace, or of no form that it knows.</summary>
    None,
    NodeBirth,
    NodeData,
    NodeDeath,
    DeviceBirth,
    DeviceData,
    DeviceDeath,

    /// <summary>A command to a node or device, or the state of a host: for others, not for us.</summary>
    Other,
}

/// <summary>A topic of the Sparkplug namespace taken apart: <c>spBv1.0/group/verb/node[/device]</c>. A view.</summary>
internal readonly ref struct SparkplugTopic
{
    /// <summary>Longest group, node and device together, in bytes.</summary>
    public const int MaxIdBytes = 512;

    /// <summary>Longest topic of the namespace.</summary>
    public const int MaxTopicBytes = MaxIdBytes + MaxIdBytes + 32;

    public SparkplugVerb Verb { get; private init; }
    public ReadOnlySpan<byte> Group { get; private init; }
    public ReadOnlySpan<byte> Node { get; private init; }

    /// <summary>Empty for a message of the node itself.</summary>
    public ReadOnlySpan<byte> Device { get; private init; }

    public bool IsBirth => Verb is SparkplugVerb.NodeBirth or SparkplugVerb.DeviceBirth;

    /// <summary>A birth or data.</summary>
    public bool CarriesMetrics => IsBirth || Verb is SparkplugVerb.NodeData or SparkplugVerb.DeviceData;

    public static ReadOnlySpan<byte> Namespace => "spBv1.0/"u8;

    /// <summary>Takes a topic apart.</summary>
    /// <param name="topic">Without leading slash.</param>
    public static SparkplugTopic Of(ReadOnlySpan<byte> topic)
    {
        if (!topic.StartsWith(Namespace))
            return default;

        ReadOnlySpan<byte> rest = topic[Namespace.Length..];
        ReadOnlySpan<byte> group = NextLevel(ref rest);
        ReadOnlySpan<byte> word = NextLevel(ref rest);
        ReadOnlySpan<byte> node = NextLevel(ref rest);
        ReadOnlySpan<byte> device = NextLevel(ref rest);
        if (group.SequenceEqual("STATE"u8) && !word.IsEmpty && node.IsEmpty)
            return new SparkplugTopic { Verb = SparkplugVerb.Other };

        bool fits = !group.IsEmpty && !node.IsEmpty && rest.IsEmpty && group.Length + node.Length + device.Length <= MaxIdBytes;
        SparkplugVerb verb = fits ? VerbOf(word) : SparkplugVerb.None;
        bool isOfDevice = verb is SparkplugVerb.DeviceBirth or SparkplugVerb.DeviceData or SparkplugVerb.DeviceDeath;
        bool isOfNode = verb is SparkplugVerb.NodeBirth or SparkplugVerb.NodeData or SparkplugVerb.NodeDeath;
        return (isOfDevice && device.IsEmpty) || (isOfNode && !device.IsEmpty)
            ? default
            : new SparkplugTopic { Verb = verb, Group = group, Node = node, Device = device };
    }

    /// <summary>Puts together the topic under which a device of the node dies.</summary>
    /// <param name="into">At least <see cref="MaxTopicBytes"/> long.</param>
    /// <param name="topic">Any topic of the node.</param>
    /// <param name="device">The device.</param>
    public static ReadOnlySpan<byte> WriteDeath(Span<byte> into, scoped in SparkplugTopic topic, scoped ReadOnlySpan<byte> device)
    {
        int length = 0;
        Append(into, ref length, Namespace);
        Append(into, ref length, topic.Group);
        Append(into, ref length, "/DDEATH/"u8);
        Append(into, ref length, topic.Node);
        Append(into, ref length, "/"u8);
        Append(into, ref length, device);
        return into[..length];
    }

    /// <summary>The ids alone, as they were kept.</summary>
    public static SparkplugTopic Make(byte[] group, byte[] node, byte[]? device) => new() { Group = group, Node = node, Device = device };

    private static SparkplugVerb VerbOf(ReadOnlySpan<byte> word) =>
        word switch
        {
            _ when word.SequenceEqual("DDATA"u8) => SparkplugVerb.DeviceData,
            _ when word.SequenceEqual("NDATA"u8) => SparkplugVerb.NodeData,
            _ when word.SequenceEqual("NBIRTH"u8) => SparkplugVerb.NodeBirth,
            _ when word.SequenceEqual("DBIRTH"u8) => SparkplugVerb.DeviceBirth,
            _ when word.SequenceEqual("NDEATH"u8) => SparkplugVerb.NodeDeath,
            _ when word.SequenceEqual("DDEATH"u8) => SparkplugVerb.DeviceDeath,
            _ when word.SequenceEqual("NCMD"u8) || word.SequenceEqual("DCMD"u8) => SparkplugVerb.Other,
            _ => SparkplugVerb.None,
        };

    private static ReadOnlySpan<byte> NextLevel(scoped ref ReadOnlySpan<byte> rest)
    {
        int slash = rest.IndexOf((byte)'/');
        ReadOnlySpan<byte> level = slash < 0 ? rest : rest[..slash];
        rest = slash < 0 ? default : rest[(slash + 1)..];
        return level;
    }

    private static void Append(Span<byte> into, ref int length, ReadOnlySpan<byte> text)
    {
        text.CopyTo(into[length..]);
        length += text.Length;
    }
}
