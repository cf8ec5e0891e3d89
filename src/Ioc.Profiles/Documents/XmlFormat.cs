using System.Xml;
using Ioc.Devices.Readings;

namespace Ioc.Profiles.Documents;

/// <summary>
/// XML as the members of its root element; name spaces and prefixes are left out. An attribute is a member <c>@name</c>, the root's
/// name <c>#name</c>, elements of one name are a list, and the text of an element that has attributes or children is <c>#text</c>.
/// </summary>
/// <param name="Lists">Names of elements that are a list even where there is only one, sorted, separated by blanks.</param>
/// <remarks>Allocates: <see cref="XmlReader"/> does. Document types are refused, so nothing is expanded and nothing fetched.</remarks>
internal sealed record XmlFormat(string Lists) : DocumentFormat("xml")
{
    /// <summary>Deepest nesting of elements.</summary>
    private const int MaxDepth = 32;

    public override IDocumentCodec Open() => new Codec(Lists);

    private sealed class Codec(string lists) : IDocumentCodec
    {
        private static readonly XmlReaderSettings Settings = new()
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            CloseInput = true,
        };

        private readonly HashSet<string> _lists = [.. lists.Split(' ', StringSplitOptions.RemoveEmptyEntries)];

        public bool TryWrite(ReadOnlySpan<byte> body, in RawMessage message, JsonScratch json)
        {
            try
            {
                using var reader = XmlReader.Create(new MemoryStream(body.ToArray(), writable: false), Settings);
                reader.MoveToContent();
                var tree = new XmlTree();
                if (!tree.TryRead(reader, MaxDepth))
                    return json.Refuse(QuarantineReason.LimitExceeded, $"the XML body has more than {XmlTree.MaxNodes} elements or more than {MaxDepth} levels");

                tree.Write(json, _lists);
                return true;
            }
            catch (XmlException)
            {
                return false;
            }
        }
    }
}
