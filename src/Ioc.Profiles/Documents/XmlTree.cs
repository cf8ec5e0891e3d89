using System.Text;
using System.Xml;

namespace Ioc.Profiles.Documents;

/// <summary>The elements of one XML document, children of one name chained together.</summary>
internal sealed class XmlTree
{
    /// <summary>Most elements and attributes of one document.</summary>
    public const int MaxNodes = 20_000;

    private readonly List<Node> _nodes = [];

    // Finding the elder sibling of the same name by search would cost the square of their number.
    private readonly Dictionary<(int Parent, string Name), int> _first = [];

    /// <summary>Reads the document the reader stands on the root element of.</summary>
    /// <returns>False when it is too large or too deep.</returns>
    public bool TryRead(XmlReader reader, int maxDepth)
    {
        var open = new Stack<int>();
        do
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (open.Count == maxDepth || _nodes.Count >= MaxNodes)
                        return false;
                    bool isEmpty = reader.IsEmptyElement;
                    int node = Add(open.Count == 0 ? -1 : open.Peek(), reader.LocalName, null);
                    if (!TryAttributes(reader, node))
                        return false;
                    if (!isEmpty)
                        open.Push(node);
                    break;
                case XmlNodeType.EndElement:
                    open.Pop();
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA:
                    (_nodes[open.Peek()].Text ??= new StringBuilder()).Append(reader.Value);
                    break;
            }
        }
        while (reader.Read());

        return _nodes.Count > 0;
    }

    /// <summary>Writes the root's members.</summary>
    public void Write(JsonScratch json, HashSet<string> lists)
    {
        json.StartObject();
        json.Name("#name"u8);
        json.String(Encoding.UTF8.GetBytes(_nodes[0].Name));
        WriteMembers(_nodes[0], json, lists);
        json.EndObject();
    }

    private bool TryAttributes(XmlReader reader, int node)
    {
        while (reader.MoveToNextAttribute())
        {
            if (_nodes.Count >= MaxNodes)
                return false;
            if (reader.Prefix != "xmlns" && reader.Name != "xmlns")
                Add(node, "@" + reader.LocalName, reader.Value);
        }

        reader.MoveToElement();
        return true;
    }

    private int Add(int parent, string name, string? text)
    {
        int place = _nodes.Count;
        _nodes.Add(new Node { Name = name, Text = text is null ? null : new StringBuilder(text) });
        if (parent < 0)
            return place;

        if (!_first.TryAdd((parent, name), place))
        {
            Node first = _nodes[_first[(parent, name)]];
            _nodes[first.LastSame < 0 ? _first[(parent, name)] : first.LastSame].NextSame = place;
            first.LastSame = place;
            return place;
        }

        Node owner = _nodes[parent];
        if (owner.FirstChild < 0)
            owner.FirstChild = place;
        else
            _nodes[owner.LastChild].NextChild = place;
        owner.LastChild = place;
        return place;
    }

    private void WriteMembers(Node owner, JsonScratch json, HashSet<string> lists)
    {
        string text = owner.Text?.ToString().Trim() ?? "";
        if (text.Length > 0)
        {
            json.Name("#text"u8);
            json.String(Encoding.UTF8.GetBytes(text));
        }

        for (int place = owner.FirstChild; place >= 0; place = _nodes[place].NextChild)
        {
            Node child = _nodes[place];
            json.Name(Encoding.UTF8.GetBytes(child.Name));
            bool isList = child.NextSame >= 0 || lists.Contains(child.Name);
            if (isList)
                json.StartArray();
            for (Node? same = child; same is not null; same = same.NextSame < 0 ? null : _nodes[same.NextSame])
                WriteElement(same, json, lists);
            if (isList)
                json.EndArray();
        }
    }

    private void WriteElement(Node element, JsonScratch json, HashSet<string> lists)
    {
        if (element.FirstChild < 0)
        {
            json.String(Encoding.UTF8.GetBytes(element.Text?.ToString() ?? ""));
            return;
        }

        json.StartObject();
        WriteMembers(element, json, lists);
        json.EndObject();
    }

    private sealed class Node
    {
        public required string Name { get; init; }
        public StringBuilder? Text { get; set; }
        public int FirstChild { get; set; } = -1;
        public int LastChild { get; set; } = -1;

        /// <summary>Next child of the same parent that has another name.</summary>
        public int NextChild { get; set; } = -1;

        /// <summary>Next child of the same parent with the same name.</summary>
        public int NextSame { get; set; } = -1;
        public int LastSame { get; set; } = -1;
    }
}
