namespace Ioc.Profiles.Documents;

/// <summary>Reads one CBOR item and writes it as JSON. Definite and indefinite lengths, floats of all widths, decimal fractions.</summary>
/// <remarks>Byte strings become base64url text. Undefined and simple values beyond true and false become null; tags say nothing, but for 4.</remarks>
internal ref struct CborText(ReadOnlySpan<byte> body, JsonScratch json, Action<long, JsonScratch> label)
{
    /// <summary>Deepest nesting; more would be no device's message, and each level is a call.</summary>
    private const int MaxDepth = 32;

    private const byte Indefinite = 31;
    private const byte Break = 0xFF;
    private const ulong DecimalFraction = 4;

    private readonly ReadOnlySpan<byte> _body = body;
    private readonly JsonScratch _json = json;
    private int _at;

    /// <summary>Writes the only item of the body.</summary>
    /// <returns>False when the body ends early, goes on behind the item, or is no CBOR.</returns>
    public bool TryWrite() => TryItem(0) && _at == _body.Length;

    private bool TryItem(int depth)
    {
        if (depth == MaxDepth || _json.IsFull || !TryHead(out int major, out int info, out ulong number))
            return false;

        switch (major)
        {
            case 0:
                _json.Number(number);
                return info != Indefinite;
            case 1:
                Negative(number);
                return info != Indefinite;
            case 2 or 3:
                return TryString(major, info, number, isName: false);
            case 4:
                return TryArray(info, number, depth);
            case 5:
                return TryMap(info, number, depth);
            case 6:
                return info != Indefinite && (number == DecimalFraction ? TryFraction() : TryItem(depth + 1));
            default:
                return TrySimple(info, number);
        }
    }

    /// <summary>Major type, additional information and the number that belongs to it.</summary>
    private bool TryHead(out int major, out int info, out ulong number)
    {
        major = info = 0;
        number = 0;
        if (_at >= _body.Length)
            return false;

        byte first = _body[_at++];
        major = first >> 5;
        info = first & 31;
        number = (ulong)info;
        int width = info switch { 24 => 1, 25 => 2, 26 => 4, 27 => 8, _ => 0 };
        if (info is > 27 and < Indefinite || width > _body.Length - _at)
            return false;

        if (width > 0)
        {
            number = 0;
            foreach (byte part in _body.Slice(_at, width))
                number = (number << 8) | part;
            _at += width;
        }

        return true;
    }

    private readonly void Negative(ulong number)
    {
        if (number <= long.MaxValue)
            _json.Number(-1 - (long)number);
        else
            _json.Number(-1.0 - number);
    }

    private bool TryString(int major, int info, ulong length, bool isName)
    {
        _json.StartString();
        int start = _json.Length;
        bool went = info == Indefinite ? TryChunks(major) : TryChunk(major, length);
        if (major == 2)
            _json.EncodeFrom(start);
        _json.EndString();
        if (isName)
            _json.EndName();
        return went;
    }

    private bool TryChunks(int major)
    {
        while (_at < _body.Length && _body[_at] != Break)
        {
            if (!TryHead(out int part, out int info, out ulong length) || part != major || info == Indefinite || !TryChunk(major, length))
                return false;
        }

        return TryBreak();
    }

    private bool TryChunk(int major, ulong length)
    {
        if (length > (ulong)(_body.Length - _at))
            return false;

        ReadOnlySpan<byte> bytes = _body.Slice(_at, (int)length);
        _at += (int)length;
        if (major == 3)
            _json.Part(bytes);
        else
            _json.Raw(bytes);
        return true;
    }

    private bool TryArray(int info, ulong count, int depth)
    {
        _json.StartArray();
        for (ulong i = 0; info == Indefinite ? !AtBreak() : i < count; i++)
        {
            if (!TryItem(depth + 1))
                return false;
        }

        _json.EndArray();
        return info != Indefinite || TryBreak();
    }

    private bool TryMap(int info, ulong count, int depth)
    {
        _json.StartObject();
        for (ulong i = 0; info == Indefinite ? !AtBreak() : i < count; i++)
        {
            if (!TryKey() || !TryItem(depth + 1))
                return false;
        }

        _json.EndObject();
        return info != Indefinite || TryBreak();
    }

    private bool TryKey()
    {
        if (!TryHead(out int major, out int info, out ulong number))
            return false;
        if (major == 3)
            return TryString(major, info, number, isName: true);
        if (major > 1 || info == Indefinite || number > long.MaxValue)
            return false;

        label(major == 0 ? (long)number : -1 - (long)number, _json);
        return true;
    }

    /// <summary>Tag 4: exponent of ten and mantissa.</summary>
    private bool TryFraction()
    {
        if (!TryHead(out int major, out int info, out ulong count) || major != 4 || info == Indefinite || count != 2
            || !TryWhole(out double exponent) || !TryWhole(out double mantissa))
        {
            return false;
        }

        // Dividing by an exact power is right to the last digit; multiplying by a tenth is not.
        _json.Number(exponent < 0 ? mantissa / Math.Pow(10, -exponent) : mantissa * Math.Pow(10, exponent));
        return true;
    }

    private bool TryWhole(out double whole)
    {
        bool went = TryHead(out int major, out int info, out ulong number) && major <= 1 && info != Indefinite;
        whole = major == 0 ? number : -1.0 - number;
        return went;
    }

    private readonly bool TrySimple(int info, ulong number)
    {
        switch (info)
        {
            case 20 or 21:
                _json.Boolean(info == 21);
                return true;
            case 25:
                _json.Number((double)BitConverter.UInt16BitsToHalf((ushort)number));
                return true;
            case 26:
                _json.Number(BitConverter.UInt32BitsToSingle((uint)number));
                return true;
            case 27:
                _json.Number(BitConverter.UInt64BitsToDouble(number));
                return true;
            default:
                _json.Null();
                return info != Indefinite;
        }
    }

    private readonly bool AtBreak() => _at >= _body.Length || _body[_at] == Break;

    private bool TryBreak() => _at < _body.Length && _body[_at++] == Break;
}
