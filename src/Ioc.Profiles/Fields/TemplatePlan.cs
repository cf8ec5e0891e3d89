
namespace Ioc.Profiles.Fields;

/// <summary>Where a part of a template comes from.</summary>
internal enum TemplatePart
{
    Literal,
    Capture,
    Member,
    Key,
    KeyCapture,
    Index,

    /// <summary>The same, counted from 1.</summary>
    Place,
    Port,
    Named,
    Byte,
    TagByte,
}

/// <summary>A compiled text with placeholders: <c>{device}</c>, <c>line_{.line}</c>, <c>{$key}</c>.</summary>
internal sealed class TemplatePlan(IReadOnlyList<(TemplatePart Kind, int Number, byte[] Literal)> parts)
{
    /// <summary>Longest text rendered, in bytes.</summary>
    public const int MaxBytes = 256;

    private readonly (TemplatePart Kind, int Number, byte[] Literal)[] _parts = [.. parts];

    /// <summary>The text, when it does not depend on the message.</summary>
    public byte[]? Constant => _parts is [{ Kind: TemplatePart.Literal } only] ? only.Literal : null;

    /// <summary>Renders; a single part is a view of where it stands, so nothing is copied.</summary>
    /// <returns>False when a part is not in the message or the text is too long.</returns>
    public bool TryRender(scoped ref Frame frame, Span<byte> buffer, out ReadOnlySpan<byte> text)
    {
        if (_parts.Length == 1)
            return TryPart(ref frame, in _parts[0], buffer, out text);

        int length = 0;
        text = default;
        foreach (ref readonly (TemplatePart Kind, int Number, byte[] Literal) part in _parts.AsSpan())
        {
            if (!TryPart(ref frame, in part, buffer[length..], out ReadOnlySpan<byte> piece) || length + piece.Length > buffer.Length)
                return false;

            piece.CopyTo(buffer[length..]);
            length += piece.Length;
        }

        text = buffer[..length];
        return true;
    }

    private static bool TryPart(scoped ref Frame frame, in (TemplatePart Kind, int Number, byte[] Literal) part, Span<byte> buffer, out ReadOnlySpan<byte> text)
    {
        switch (part.Kind)
        {
            case TemplatePart.Literal:
                text = part.Literal;
                return true;
            case TemplatePart.Capture:
                text = frame.Captures[part.Number].Of(frame.Topic);
                return true;
            case TemplatePart.Member:
                return TrySlot(ref frame, frame.Slots[part.Number], buffer, out text);
            case TemplatePart.Key:
                return TrySlot(ref frame, frame.Keys[part.Number], buffer, out text);
            case TemplatePart.KeyCapture:
                text = frame.KeyCaptures[part.Number].Of(frame.Payload);
                return true;
            case TemplatePart.Named:
                return TryNumber(frame.Named[part.Number], buffer, out text);
            case TemplatePart.Byte:
                return TryNumber(part.Number < frame.Body.Length ? frame.Body[part.Number] : double.NaN, buffer, out text);
            case TemplatePart.TagByte:
                return TryNumber(part.Number < frame.Tag.Length ? frame.Tag[part.Number] : double.NaN, buffer, out text);
            case TemplatePart.Place:
                return TryNumber(frame.Indexes[part.Number] + 1, buffer, out text);
            default:
                return TryNumber(part.Kind == TemplatePart.Port ? frame.Port : frame.Indexes[part.Number], buffer, out text);
        }
    }

    private static bool TryNumber(double number, Span<byte> buffer, out ReadOnlySpan<byte> text)
    {
        bool written = number.TryFormat(buffer, out int length, provider: System.Globalization.CultureInfo.InvariantCulture);
        text = buffer[..length];
        return written && double.IsFinite(number);
    }

    private static bool TrySlot(scoped ref Frame frame, JsonSlot slot, Span<byte> buffer, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!slot.HasValue || slot.Kind >= SlotKind.Object)
            return false;

        text = slot.Of(frame.Payload);
        if (slot.Kind != SlotKind.EscapedString)
            return true;

        bool unescaped = JsonText.TryUnescape(text, buffer, out int length);
        text = buffer[..length];
        return unescaped;
    }
}
