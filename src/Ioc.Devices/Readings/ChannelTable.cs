using System.Collections.Concurrent;
using System.Text;

namespace Ioc.Devices.Readings;

/// <summary>Names of channels ⇄ dense handles. Thread-safe; a known name is found without allocation.</summary>
/// <remarks>Bounded at <see cref="MaxNames"/>: names come from payloads, and payloads are hostile. A full table refuses new names.</remarks>
public sealed class ChannelTable
{
    /// <summary>Most names kept over the life of the process.</summary>
    public const int MaxNames = 16_384;

    /// <summary>Longest name taken, in UTF-8 bytes.</summary>
    public const int MaxNameBytes = 64;

    private readonly ConcurrentDictionary<string, ChannelId> _ids = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ChannelId>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly string[] _names = new string[MaxNames + 1];
    private readonly Lock _adding = new();
    private int _count;

    /// <summary>Makes an empty table.</summary>
    public ChannelTable()
    {
        _names[0] = "";
        _lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The handle of a name, added when new.</summary>
    /// <param name="utf8Name">The name; empty gives <see cref="ChannelId.None"/>.</param>
    /// <param name="channel">Its handle.</param>
    /// <returns>False when the name is too long, is not UTF-8, or the table is full.</returns>
    public bool TryGetOrAdd(ReadOnlySpan<byte> utf8Name, out ChannelId channel)
    {
        channel = ChannelId.None;
        if (utf8Name.IsEmpty)
            return true;
        if (utf8Name.Length > MaxNameBytes)
            return false;

        Span<char> name = stackalloc char[MaxNameBytes];
        if (!Encoding.UTF8.TryGetChars(utf8Name, name, out int length))
            return false;

        return _lookup.TryGetValue(name[..length], out channel) || TryAdd(name[..length].ToString(), out channel);
    }

    /// <summary>The handle of a name that a person wrote.</summary>
    /// <exception cref="InvalidOperationException">The table is full or the name too long.</exception>
    public ChannelId GetOrAdd(string name) =>
        TryGetOrAdd(Encoding.UTF8.GetBytes(name), out ChannelId channel)
            ? channel
            : throw new InvalidOperationException($"Channel '{name}' cannot be added: longer than {MaxNameBytes} bytes, or {MaxNames} names are in use.");

    /// <summary>The handle of a known name, without adding it.</summary>
    public bool TryFind(string name, out ChannelId channel)
    {
        channel = ChannelId.None;
        return name.Length == 0 || _ids.TryGetValue(name, out channel);
    }

    /// <summary>The name behind a handle; empty for <see cref="ChannelId.None"/>.</summary>
    public string NameOf(ChannelId channel) => Volatile.Read(ref _names[channel.Value]);

    private bool TryAdd(string name, out ChannelId channel)
    {
        lock (_adding)
        {
            if (_ids.TryGetValue(name, out channel))
                return true;
            if (_count == MaxNames)
                return false;

            channel = new ChannelId((short)++_count);
            Volatile.Write(ref _names[_count], name);
            _ids[name] = channel;
            return true;
        }
    }
}
