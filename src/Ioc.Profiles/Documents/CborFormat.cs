using System.Globalization;

namespace Ioc.Profiles.Documents;

/// <summary>CBOR (RFC 8949) as the JSON it stands for; a number as a map's key becomes its decimal text.</summary>
internal sealed record CborFormat() : DocumentFormat("cbor"), IDocumentCodec
{
    public override IDocumentCodec Open() => this;

    public bool TryWrite(ReadOnlySpan<byte> body, in RawMessage message, JsonScratch json)
    {
        var cbor = new CborText(body, json, Label);
        return cbor.TryWrite();
    }

    private static void Label(long number, JsonScratch json)
    {
        Span<byte> digits = stackalloc byte[20];
        number.TryFormat(digits, out int written, default, CultureInfo.InvariantCulture);
        json.Name(digits[..written]);
    }
}

/// <summary>SenML as CBOR (RFC 8428, section 6): the labels are numbers, otherwise as <see cref="SenmlFormat"/>.</summary>
internal sealed record SenmlCborFormat() : DocumentFormat("senml-cbor")
{
    public override IDocumentCodec Open() => new Codec();

    /// <summary>Two steps: the pack as JSON, then its records. The first has a scratch of its own.</summary>
    private sealed class Codec : IDocumentCodec
    {
        private static readonly SenmlFormat Records = new();

        private readonly JsonScratch _pack = new();

        public bool TryWrite(ReadOnlySpan<byte> body, in RawMessage message, JsonScratch json)
        {
            _pack.Clear();
            _pack.Open(default);
            _pack.Begin();
            return new CborText(body, _pack, Label).TryWrite() && !_pack.IsFull && Records.TryWrite(_pack.Written, in message, json);
        }

        private static void Label(long number, JsonScratch json) =>
            json.Name(number switch
            {
                -6 => "bs"u8,
                -5 => "bv"u8,
                -4 => "bu"u8,
                -3 => "bt"u8,
                -2 => "bn"u8,
                -1 => "bver"u8,
                0 => "n"u8,
                1 => "u"u8,
                2 => "v"u8,
                3 => "vs"u8,
                4 => "vb"u8,
                5 => "s"u8,
                6 => "t"u8,
                7 => "ut"u8,
                8 => "vd"u8,
                _ => "?"u8,
            });
    }
}
