using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ioc.Devices.Files;

/// <summary>Opens YAML files that people wrote.</summary>
public static class YamlFile
{
    /// <summary>Reads the list of mappings that a file consists of: at its top, or under a key beside an optional <c>schema: 1</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">The key under which the list may stand.</param>
    /// <param name="errors">Takes what is wrong.</param>
    /// <returns>Empty when there is nothing; an empty file is no error.</returns>
    public static IReadOnlyList<YamlMap> ReadList(string path, string key, FileErrors errors)
    {
        if (Load(path, errors) is not { } root)
            return [];

        if (root is YamlSequenceNode list)
            return [.. list.Children.Select(item => YamlMap.From(path, item, errors)).OfType<YamlMap>()];

        if (YamlMap.From(path, root, errors) is not { } map)
            return [];

        if (map.Optional("schema") is { } schema and not "1")
            map.Error("schema", $"schema {schema} is unknown; this version reads schema 1.");
        IReadOnlyList<YamlMap> items = map.Maps(key);
        map.Close();
        return items;
    }

    private static YamlNode? Load(string path, FileErrors errors)
    {
        if (errors.ReadText(path) is not { } text)
            return null;

        var stream = new YamlStream();
        var parser = new Parser(new StringReader(text));
        try
        {
            stream.Load(parser);
        }
        catch (YamlException broken)
        {
            errors.Add(path, (int)Math.Max(1, broken.Start.Line), broken.Message);
            return null;
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException)
        {
            // The parser meets some broken texts, such as a list that is never closed, with its own surprise.
            errors.Add(path, (int)(parser.Current?.End.Line ?? 1), "is broken YAML here or on the next line.");
            return null;
        }

        if (stream.Documents.Count > 1)
            errors.Add(path, (int)stream.Documents[1].RootNode.Start.Line, "holds a second document.");

        return stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode;
    }
}
