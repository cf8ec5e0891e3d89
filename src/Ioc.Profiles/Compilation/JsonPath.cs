using System.Text;

namespace Ioc.Profiles.Compilation;

/// <summary>One step of a path: a member, an element by place, or an element by what a member of it says.</summary>
internal readonly record struct PathStep(string? Member, int Index, string? WhereMember, string? WhereValue);

/// <summary>A parsed path such as <c>params."em:0".a_voltage</c>, <c>rx[0].rssi</c> or <c>values[type=P1].value</c>.</summary>
internal sealed record JsonPath(bool FromRoot, IReadOnlyList<PathStep> Steps)
{
    /// <summary>Parses; <c>.</c> alone is the element itself, a leading <c>$.</c> starts at the document.</summary>
    public static bool TryParse(string text, out JsonPath path, out string problem)
    {
        var steps = new List<PathStep>();
        path = new JsonPath(false, steps);
        problem = "";
        if (text == ".")
            return true;

        bool fromRoot = text.StartsWith("$.", StringComparison.Ordinal) || text == "$";
        path = new JsonPath(fromRoot, steps);
        int i = fromRoot ? Math.Min(2, text.Length) : 0;
        while (i < text.Length)
        {
            if (text[i] == '[')
            {
                int end = text.IndexOf(']', i);
                if (end < 0 || !TryBracket(text[(i + 1)..end], out PathStep step))
                {
                    problem = "brackets hold an index [0] or a choice [member=value]";
                    return false;
                }

                steps.Add(step);
                i = end + 1;
            }
            else if (!TryMember(text, ref i, out string member))
            {
                problem = "a name is empty or a quote is not closed";
                return false;
            }
            else
            {
                steps.Add(new PathStep(member, 0, null, null));
            }

            if (i < text.Length && text[i] == '.')
            {
                if (++i == text.Length)
                {
                    problem = "it ends in a point";
                    return false;
                }
            }
            else if (i < text.Length && text[i] != '[')
            {
                problem = "after a quoted name or bracket comes a point";
                return false;
            }
        }

        if (steps.Count > 0 || fromRoot)
            return true;

        problem = "it is empty";
        return false;
    }

    public JsonPath Below(JsonPath parent) => FromRoot ? this : new JsonPath(false, [.. parent.Steps, .. Steps]);

    private static bool TryMember(string text, ref int i, out string member)
    {
        var name = new StringBuilder();
        if (text[i] == '"')
        {
            int end = text.IndexOf('"', i + 1);
            member = end < 0 ? "" : text[(i + 1)..end];
            i = end + 1;
            return end > 0 && member.Length > 0;
        }

        while (i < text.Length && text[i] is not ('.' or '['))
            name.Append(text[i++]);
        member = name.ToString();
        return member.Length > 0;
    }

    private static bool TryBracket(string inside, out PathStep step)
    {
        int equals = inside.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0)
        {
            step = new PathStep(null, 0, inside[..equals].Trim('"'), inside[(equals + 1)..].Trim('"'));
            return true;
        }

        bool isIndex = int.TryParse(inside, out int index) && index is >= 0 and < 256;
        step = new PathStep(null, index, null, null);
        return isIndex;
    }
}
