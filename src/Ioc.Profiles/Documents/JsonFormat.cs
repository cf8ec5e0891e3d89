namespace Ioc.Profiles.Documents;

/// <summary>JSON inside an envelope: taken as it is. (A payload that is JSON itself needs no format; slots point into it.)</summary>
internal sealed record JsonFormat() : DocumentFormat("json"), IDocumentCodec
{
    public override IDocumentCodec Open() => this;

    public bool TryWrite(ReadOnlySpan<byte> body, in RawMessage message, JsonScratch json)
    {
        json.Raw(body);
        return true;
    }
}
