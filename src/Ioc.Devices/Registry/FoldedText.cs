using System.Globalization;
using System.Text;

namespace Ioc.Devices.Registry;

/// <summary>Text as people search it: without marks and case, so that "quy nhon" finds "Quy Nhơn" and "duong" finds "Đường".</summary>
public static class FoldedText
{
    /// <summary>The folded form: lower case, combining marks dropped, đ as d.</summary>
    public static string Of(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (char c in text.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark)
                continue;

            // Unicode does not take đ apart: its stroke is no combining mark.
            folded.Append(c is 'đ' or 'Đ' ? 'd' : char.ToLowerInvariant(c));
        }

        return folded.ToString();
    }

    /// <summary>Whether a folded text holds what somebody typed.</summary>
    /// <param name="folded">From <see cref="Of"/>.</param>
    /// <param name="query">As typed; surrounding blanks do not count.</param>
    public static bool Matches(string folded, string query) => folded.Contains(Of(query.Trim()), StringComparison.Ordinal);
}
