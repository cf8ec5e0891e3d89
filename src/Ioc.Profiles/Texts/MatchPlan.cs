using System.Text.RegularExpressions;
using Ioc.Devices.Readings;
using Ioc.Profiles.Fields;

namespace Ioc.Profiles.Texts;

/// <summary>Takes a text apart by a regular expression with named groups.</summary>
/// <param name="pattern">The expression.</param>
/// <param name="groups">Number of the group of each wanted part.</param>
internal sealed class MatchPlan(TextPattern pattern, int[] groups) : TextPlan
{
    public required string TooLong { get; init; }

    protected override bool TryTurn(scoped ref Frame frame, ref TextCursor cursor, int start, ref int end)
    {
        ReadOnlySpan<byte> text = LineAt(ref frame, start, ref end);
        if (text.Length > TextPattern.MaxTextBytes)
            return frame.Fail(QuarantineReason.LimitExceeded, TooLong);

        Match match = pattern.Find(text);
        for (int i = 0; i < groups.Length && match.Success; i++)
        {
            Group group = match.Groups[groups[i]];
            if (group.Success)
                frame.Slots[Slots[i]] = new JsonSlot { Start = start + group.Index, Length = group.Length, Kind = SlotKind.String };
        }

        return match.Success;
    }
}
