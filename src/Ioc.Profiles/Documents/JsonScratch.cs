using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using Ioc.Devices.Readings;

namespace Ioc.Profiles.Documents;

/// <summary>
/// The text that slots point into when a message needs more than its payload: the payload first, and behind it every document and text
/// that decoding writes. Touched only by its decoder; reused from message to message.
/// </summary>
/// <remarks>
/// Codecs write JSON: commas come by themselves. What does not fit is dropped and <see cref="IsFull"/> says so, so that a codec may go
/// on without looking.
/// </remarks>
internal sealed class JsonScratch
{
    /// <summary>Most bytes behind the payload: a hostile pack of records may ask for far more than it sent.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private static readonly SearchValues<byte> Special = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (byte)code), (byte)'"', (byte)'\\']);

    private byte[] _bytes = new byte[4096];
    private int _limit;
    private bool _needsComma;

    /// <summary>Bytes in use; zero while the payload was enough.</summary>
    public int Length { get; private set; }

    /// <summary>More was to be written than the product takes of one message.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Strings with backslashes that a walk has noted and nobody has unescaped yet.</summary>
    public bool HasEscapes { get; set; }

    /// <summary>Why the codec refused the body; none when it is simply not what the codec promises.</summary>
    public QuarantineReason Refusal { get; private set; }

    /// <summary>What the codec said with its refusal.</summary>
    public string RefusalDetail { get; private set; } = "";

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Forgets the message before.</summary>
    public void Clear()
    {
        Length = 0;
        IsFull = false;
        HasEscapes = false;
    }

    /// <summary>Takes the payload in, if nothing was written for this message yet.</summary>
    public void Open(ReadOnlySpan<byte> payload)
    {
        if (Length > 0)
            return;

        _limit = payload.Length + MaxBytes;
        Raw(payload);
    }

    /// <summary>Begins a document; returns where.</summary>
    public int Begin()
    {
        Refusal = QuarantineReason.None;
        _needsComma = false;
        return Length;
    }

    /// <summary>Takes back what was written from a place on.</summary>
    public void CutTo(int length)
    {
        if (length >= Length && !IsFull)
            return;

        Length = Math.Min(length, Length);
        IsFull = false;
    }

    /// <summary>Sets the message aside for a reason of the codec's own.</summary>
    /// <returns>False, for the codec to return.</returns>
    public bool Refuse(QuarantineReason reason, string detail)
    {
        Refusal = reason;
        RefusalDetail = detail;
        return false;
    }

    public void StartObject() => Start((byte)'{');

    public void EndObject() => End((byte)'}');

    public void StartArray() => Start((byte)'[');

    public void EndArray() => End((byte)']');

    /// <summary>Name of the member whose value comes next.</summary>
    public void Name(ReadOnlySpan<byte> name)
    {
        String(name);
        EndName();
    }

    /// <summary>Makes the text just written the name of a member.</summary>
    public void EndName()
    {
        Byte((byte)':');
        _needsComma = false;
    }

    /// <summary>A text; quotes, backslashes and control characters are escaped.</summary>
    public void String(ReadOnlySpan<byte> text)
    {
        StartString();
        Part(text);
        EndString();
    }

    /// <summary>Begins a text that comes in parts.</summary>
    public void StartString()
    {
        Comma();
        Byte((byte)'"');
    }

    public void EndString() => Byte((byte)'"');

    /// <summary>A part of a text; it is escaped. (<see cref="Raw"/> takes one that is escaped already.)</summary>
    public void Part(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            int end = text.IndexOfAny(Special);
            Raw(end < 0 ? text : text[..end]);
            if (end < 0)
                break;

            Escape(text[end]);
            text = text[(end + 1)..];
        }
    }

    /// <summary>A number; null when it is not finite.</summary>
    public void Number(double number)
    {
        if (!double.IsFinite(number))
        {
            Literal("null"u8);
            return;
        }

        Comma();
        if (Reserve(32) && number.TryFormat(_bytes.AsSpan(Length), out int written, provider: CultureInfo.InvariantCulture))
            Length += written;
    }

    /// <summary>A number of single precision, with the digits that tell it from its neighbours: 21.1, not 21.100000381.</summary>
    public void Number(float number)
    {
        if (!float.IsFinite(number))
        {
            Literal("null"u8);
            return;
        }

        Comma();
        if (Reserve(32) && number.TryFormat(_bytes.AsSpan(Length), out int written, provider: CultureInfo.InvariantCulture))
            Length += written;
    }

    public void Number(long number)
    {
        Comma();
        if (Reserve(20) && Utf8Formatter.TryFormat(number, _bytes.AsSpan(Length), out int written))
            Length += written;
    }

    public void Number(ulong number)
    {
        Comma();
        if (Reserve(20) && Utf8Formatter.TryFormat(number, _bytes.AsSpan(Length), out int written))
            Length += written;
    }

    public void Boolean(bool value) => Literal(value ? "true"u8 : "false"u8);

    public void Null() => Literal("null"u8);

    /// <summary>A value that is JSON already.</summary>
    public void Literal(ReadOnlySpan<byte> json)
    {
        Comma();
        Raw(json);
    }

    /// <summary>Bytes as they are, without comma.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        if (!Reserve(bytes.Length))
            return;

        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Makes base64url text of the bytes written from a place on.</summary>
    public void EncodeFrom(int start)
    {
        int bytes = Length - start;
        int encoded = Base64Url.GetEncodedLength(bytes);
        if (Reserve(encoded - bytes) && Base64Url.TryEncodeToUtf8InPlace(_bytes.AsSpan(start, encoded), bytes, out int written))
            Length = start + written;
    }

    /// <summary>Room for a text that is written at the end; empty when there is none.</summary>
    public Span<byte> Room(int bytes) => Reserve(bytes) ? _bytes.AsSpan(Length, bytes) : default;

    /// <summary>Takes the bytes into use that were written into <see cref="Room"/>.</summary>
    public void Advance(int bytes) => Length += bytes;

    private void Start(byte bracket)
    {
        Comma();
        Byte(bracket);
        _needsComma = false;
    }

    private void End(byte bracket)
    {
        Byte(bracket);
        _needsComma = true;
    }

    private void Comma()
    {
        if (_needsComma)
            Byte((byte)',');
        _needsComma = true;
    }

    private void Escape(byte letter)
    {
        if (letter >= 0x20)
        {
            Byte((byte)'\\');
            Byte(letter);
            return;
        }

        Raw("\\u00"u8);
        Byte((byte)('0' + (letter >> 4)));
        Byte((byte)"0123456789abcdef"[letter & 15]);
    }

    private void Byte(byte value)
    {
        if (Reserve(1))
            _bytes[Length++] = value;
    }

    private bool Reserve(int bytes)
    {
        if (IsFull || bytes > _limit - Length)
        {
            IsFull = true;
            return false;
        }

        if (bytes > _bytes.Length - Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + bytes));
        return true;
    }
}
