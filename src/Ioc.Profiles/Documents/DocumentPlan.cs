using Ioc.Profiles.Compilation;
using Ioc.Profiles.Fields;

namespace Ioc.Profiles.Documents;

/// <summary>A document that one or more profiles of a topic read besides the payload's own JSON. Immutable; read at most once per message.</summary>
internal sealed class DocumentPlan
{
    /// <summary>Place of its format in the profile set, and of the codec in the decoder.</summary>
    public required int Format { get; init; }

    /// <summary>All paths that profiles want of it.</summary>
    public required JsonNode Tree { get; init; }

    /// <summary>What quarantine says when it cannot be read; names profiles and codec, never any of the payload.</summary>
    public required string Malformed { get; init; }

    /// <summary>The same, when it would become too long.</summary>
    public required string TooLong { get; init; }

    /// <summary>Begins what a codec's own refusal says.</summary>
    public required string Refused { get; init; }
}

/// <summary>Collects what the profiles of one topic want of their documents.</summary>
internal sealed class DocumentBuilders(SlotCounter slots, List<DocumentFormat> formats)
{
    private readonly List<(DocumentFormat Format, string Wrapping, JsonTreeBuilder Tree, List<string> Profiles)> _documents = [];

    /// <summary>The document of a format, shared by all profiles that take it from the same place.</summary>
    /// <param name="format">How it is written.</param>
    /// <param name="wrapping">Where its bytes are: what names the envelope, empty for the payload.</param>
    /// <param name="profile">Who wants it.</param>
    /// <returns>Its place among the topic's documents, and its tree.</returns>
    public (int Place, JsonTreeBuilder Tree) Take(DocumentFormat format, string wrapping, string profile)
    {
        int place = _documents.FindIndex(document => document.Format == format && document.Wrapping == wrapping);
        if (place < 0)
        {
            place = _documents.Count;
            _documents.Add((format, wrapping, new JsonTreeBuilder(slots), []));
        }

        _documents[place].Profiles.Add(profile);
        return (place, _documents[place].Tree);
    }

    public DocumentPlan[] Build() => [.. _documents.Select(document => Build(document.Format, document.Tree, document.Profiles))];

    private DocumentPlan Build(DocumentFormat format, JsonTreeBuilder tree, List<string> profiles)
    {
        int place = formats.IndexOf(format);
        if (place < 0)
        {
            place = formats.Count;
            formats.Add(format);
        }

        string who = $"{(profiles.Distinct().Count() == 1 ? "profile" : "profiles")} {string.Join(", ", profiles.Distinct())}";
        return new DocumentPlan
        {
            Format = place,
            Tree = tree.Build(),
            Malformed = $"{who}: the body is not {format.Name}",
            TooLong = $"{who}: the {format.Name} body becomes longer than one message may",
            Refused = $"{who}: ",
        };
    }
}
