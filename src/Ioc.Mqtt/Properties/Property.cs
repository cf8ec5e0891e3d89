using System.Buffers;

namespace Ioc.Mqtt.Properties;

/// <summary>One property, as a view over its packet.</summary>
public readonly ref struct Property
{
    /// <summary>Which one.</summary>
    public PropertyId Id { get; init; }

    /// <summary>The value of a numeric property; zero otherwise.</summary>
    public uint Number { get; init; }

    /// <summary>A string's UTF-8 or binary bytes; a user property's value.</summary>
    public ReadOnlySequence<byte> Bytes { get; init; }

    /// <summary>A user property's name; empty otherwise.</summary>
    public ReadOnlySequence<byte> Name { get; init; }
}
