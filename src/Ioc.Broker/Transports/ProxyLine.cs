using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ioc.Broker.Transports;

/// <summary>Version 1 of the PROXY header: one line of ASCII.</summary>
internal static class ProxyLine
{
    // Line end included; given by the definition.
    private const int MaxBytes = 107;

    private static readonly SearchValues<byte> AddressBytes = SearchValues.Create("0123456789abcdefABCDEF.:"u8);

    private static ReadOnlySpan<byte> Prefix => "PROXY "u8;

    public static ProxyStatus TryRead(ReadOnlySpan<byte> bytes, out ProxyHeader header, out int consumed)
    {
        header = default;
        consumed = 0;
        int compared = Math.Min(bytes.Length, Prefix.Length);
        if (!bytes[..compared].SequenceEqual(Prefix[..compared]))
            return ProxyStatus.Malformed;

        ReadOnlySpan<byte> within = bytes[..Math.Min(bytes.Length, MaxBytes)];
        int end = within.IndexOf("\r\n"u8);
        if (end < 0)
            return within.Length == MaxBytes ? ProxyStatus.Malformed : ProxyStatus.NeedMore;

        consumed = end + 2;
        return TryReadWords(within[Prefix.Length..end], out header) ? ProxyStatus.Complete : ProxyStatus.Malformed;
    }

    private static bool TryReadWords(ReadOnlySpan<byte> line, out ProxyHeader header)
    {
        header = default;
        ReadOnlySpan<byte> family = NextWord(ref line);
        if (family.SequenceEqual("UNKNOWN"u8))
            return true; // whatever follows is not looked at

        AddressFamily wanted;
        if (family.SequenceEqual("TCP4"u8))
            wanted = AddressFamily.InterNetwork;
        else if (family.SequenceEqual("TCP6"u8))
            wanted = AddressFamily.InterNetworkV6;
        else
            return false;

        if (TryReadAddress(NextWord(ref line), wanted) is not { } source || TryReadAddress(NextWord(ref line), wanted) is not { } destination)
            return false;
        if (!TryReadPort(NextWord(ref line), out int sourcePort) || !TryReadPort(line, out int destinationPort))
            return false;

        header = new ProxyHeader(new IPEndPoint(source, sourcePort), new IPEndPoint(destination, destinationPort));
        return true;
    }

    private static ReadOnlySpan<byte> NextWord(ref ReadOnlySpan<byte> line)
    {
        int space = line.IndexOf((byte)' ');
        ReadOnlySpan<byte> word = space < 0 ? line : line[..space];
        line = space < 0 ? [] : line[(space + 1)..];
        return word;
    }

    private static IPAddress? TryReadAddress(ReadOnlySpan<byte> word, AddressFamily wanted)
    {
        // The parser takes more than the protocol: "1" as 0.0.0.1, brackets, zones.
        if (word.IsEmpty || word.ContainsAnyExcept(AddressBytes))
            return null;

        string text = Encoding.ASCII.GetString(word);
        if (!IPAddress.TryParse(text, out IPAddress? address) || address.AddressFamily != wanted)
            return null;
        return wanted == AddressFamily.InterNetworkV6 || address.ToString() == text ? address : null;
    }

    private static bool TryReadPort(ReadOnlySpan<byte> word, out int port) =>
        Utf8Parser.TryParse(word, out port, out int read) && read == word.Length && port is >= 0 and <= 65_535
        && char.IsAsciiDigit((char)word[0]) && (word.Length == 1 || word[0] != '0');
}
