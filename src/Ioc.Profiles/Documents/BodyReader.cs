using System.Buffers;
using System.Buffers.Text;
using Ioc.Devices.Readings;
using Ioc.Profiles.Compilation;
using Ioc.Profiles.Fields;
using Ioc.Profiles.Model;
using Ioc.Profiles.Sparkplug;

namespace Ioc.Profiles.Documents;

/// <summary>How opening a plan's body went.</summary>
internal enum BodyStatus
{
    /// <summary>The frame shows the body.</summary>
    There,

    /// <summary>Another form of the same profile reads this message.</summary>
    Elsewhere,

    /// <summary>The envelope holds no bytes: network housekeeping.</summary>
    None,

    /// <summary>It is not what envelope or codec promise; the reader says why.</summary>
    Malformed,
}

/// <summary>
/// Opens the body of a plan: out of its envelope, and as the document its codec makes of it. Several plans may be tried on one message;
/// what they share is unwrapped and read once. Touched only by its decoder.
/// </summary>
internal sealed class BodyReader(ProfileSet set, SparkplugDesk sparkplug)
{
    private readonly IDocumentCodec[] _codecs = [.. set.Formats.Select(format => format.Open(sparkplug))];
    private readonly (BodyStatus Status, QuarantineReason Reason, string Detail)?[] _documents =
        new (BodyStatus, QuarantineReason, string)?[set.Topics.MaxDocuments];
    private byte[] _wrapped = new byte[512];
    private int _wrappedLength;
    private EnvelopePlan? _unwrapped;
    private bool _isJson;

    /// <summary>Why the last body was malformed.</summary>
    public QuarantineReason Reason { get; private set; }

    /// <summary>The same in words.</summary>
    public string Detail { get; private set; } = "";

    /// <summary>The text behind the payload.</summary>
    public JsonScratch Scratch { get; } = new();

    /// <summary>Walks the payload once for all profiles of the topic that read it as JSON.</summary>
    public void Begin(TopicGroup group, scoped ref Frame frame)
    {
        Scratch.Clear();
        frame.Scratch = Scratch;
        frame.Slots.Clear();
        frame.Body = frame.Payload;
        _unwrapped = null;
        _documents.AsSpan(0, group.Documents.Length).Clear();
        if (group.Tree is null)
            return;

        _isJson = JsonWalk.TryWalk(frame.Payload, 0, group.Tree, frame.Slots, Scratch);
        if (!_isJson)
        {
            // Half a document has filled half the slots.
            frame.Slots.Clear();
            Scratch.HasEscapes = false;
        }
        else if (Scratch.HasEscapes)
        {
            frame.Unescape(frame.Slots);
        }
    }

    /// <summary>Puts the body and port of a plan into the frame.</summary>
    public BodyStatus Open(DecodePlan plan, TopicGroup group, in RawMessage message, scoped ref Frame frame)
    {
        frame.Port = -1;
        if (plan.NeedsJson && !_isJson)
            return Fail(QuarantineReason.Malformed, group.Plans.Length == 1 ? plan.Malformed : group.Malformed);

        if (plan.Envelope is null)
        {
            frame.Body = frame.Payload[..frame.PayloadLength];
        }
        else
        {
            BodyStatus status = Unwrap(plan.Envelope, ref frame);
            if (status != BodyStatus.There)
                return status;
        }

        if (plan.Document < 0)
            return BodyStatus.There;

        (BodyStatus read, Reason, Detail) = _documents[plan.Document] ??= Read(group.Documents[plan.Document], in message, ref frame);
        return read;
    }

    /// <summary>Puts the next document of the same body into the frame, where a body holds several.</summary>
    /// <returns>False after the last; with a reason when one cannot be read.</returns>
    public bool TryNext(DecodePlan plan, TopicGroup group, in RawMessage message, scoped ref Frame frame)
    {
        if (plan.Document < 0 || _codecs[group.Documents[plan.Document].Format] is not IDocumentSeries { HasMore: true })
            return false;

        frame.Slots.Clear();
        (BodyStatus read, QuarantineReason reason, string detail) = Read(group.Documents[plan.Document], in message, ref frame, isNext: true);
        return read == BodyStatus.There || frame.Fail(reason, detail);
    }

    private BodyStatus Unwrap(EnvelopePlan envelope, scoped ref Frame frame)
    {
        if (envelope.Port >= 0 && frame.Slots[envelope.Port].Kind == SlotKind.Number
            && Utf8Parser.TryParse(frame.Slots[envelope.Port].Of(frame.Payload), out int port, out _))
        {
            frame.Port = port;
        }

        frame.Body = default;
        if ((envelope.Needs >= 0 && frame.Slots[envelope.Needs].Kind != SlotKind.Object) || (envelope.Unless >= 0 && IsBody(frame.Slots[envelope.Unless])))
            return BodyStatus.Elsewhere;
        if (envelope.Payload < 0)
            return BodyStatus.There;

        JsonSlot slot = frame.Slots[envelope.Payload];
        if (slot.Kind != SlotKind.String || slot.Length == 0)
        {
            return slot.Kind is SlotKind.String or SlotKind.Absent or SlotKind.Null
                ? BodyStatus.None
                : Fail(QuarantineReason.Malformed, envelope.Malformed);
        }

        ReadOnlySpan<byte> text = slot.Of(frame.Payload);
        if (envelope.Encoding == BodyEncoding.Text)
        {
            frame.Body = text;
            return BodyStatus.There;
        }

        // Many profiles share an envelope: its bytes are decoded for the first and kept for the others.
        if (_unwrapped is null || _unwrapped.Payload != envelope.Payload || _unwrapped.Encoding != envelope.Encoding)
        {
            _unwrapped = null;
            if (!TryDecode(text, envelope.Encoding))
                return Fail(QuarantineReason.Malformed, envelope.Malformed);
            _unwrapped = envelope;
        }

        frame.Body = _wrapped.AsSpan(0, _wrappedLength);
        return BodyStatus.There;
    }

    private static bool IsBody(JsonSlot slot) => slot.Kind == SlotKind.Object || (slot.Kind == SlotKind.String && slot.Length > 0);

    private bool TryDecode(ReadOnlySpan<byte> text, BodyEncoding encoding)
    {
        if (_wrapped.Length < text.Length)
            _wrapped = new byte[text.Length * 2];
        return encoding == BodyEncoding.Hex
            ? Convert.FromHexString(text, _wrapped, out _, out _wrappedLength) == OperationStatus.Done
            : Base64.DecodeFromUtf8(text, _wrapped, out _, out _wrappedLength) == OperationStatus.Done;
    }

    private (BodyStatus Status, QuarantineReason Reason, string Detail) Read(DocumentPlan document, in RawMessage message, scoped ref Frame frame, bool isNext = false)
    {
        Scratch.Open(frame.Payload);
        int start = Scratch.Begin();
        ReadOnlySpan<byte> body = frame.Body.StartsWith("\uFEFF"u8) ? frame.Body[3..] : frame.Body;
        IDocumentCodec codec = _codecs[document.Format];
        bool isWritten = isNext ? ((IDocumentSeries)codec).TryWriteNext(body, in message, Scratch) : codec.TryWrite(body, in message, Scratch);
        frame.Payload = Scratch.Written;
        (QuarantineReason Reason, string Detail) wrong =
            Scratch.IsFull ? (QuarantineReason.LimitExceeded, document.TooLong)
            : !isWritten && Scratch.Refusal != QuarantineReason.None ? (Scratch.Refusal, document.Refused + Scratch.RefusalDetail)
            : !isWritten || !JsonWalk.TryWalk(frame.Payload, start, document.Tree, frame.Slots, Scratch) ? (QuarantineReason.Malformed, document.Malformed)
            : default;
        if (wrong.Reason != QuarantineReason.None)
        {
            Scratch.CutTo(start);
            return (BodyStatus.Malformed, wrong.Reason, wrong.Detail);
        }

        if (Scratch.HasEscapes)
            frame.Unescape(frame.Slots);
        return (BodyStatus.There, QuarantineReason.None, "");
    }

    private BodyStatus Fail(QuarantineReason reason, string detail)
    {
        Reason = reason;
        Detail = detail;
        return BodyStatus.Malformed;
    }
}
