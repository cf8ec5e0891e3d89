using System.Text.Json;

namespace Ioc.Profiles.Fields;

/// <summary>Counts the elements of an array or object of which some conditions hold.</summary>
/// <param name="Element">What the conditions want of each element.</param>
/// <param name="Slots">Slots that each element fills anew.</param>
/// <param name="Where">The conditions.</param>
internal sealed record CountPlan(JsonNode Element, int[] Slots, ConditionPlan[] Where)
{
    public int Count(scoped ref Frame frame, JsonSlot container)
    {
        var reader = new Utf8JsonReader(container.Of(frame.Payload));
        reader.Read();
        int count = 0;
        int texts = Math.Max(frame.Scratch.Length, frame.PayloadLength);
        while (reader.Read() && reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject))
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
                reader.Read();
            frame.Scratch.CutTo(texts);
            foreach (int slot in Slots)
                frame.Slots[slot] = default;
            JsonWalk.Value(ref reader, container.Start, Element, frame.Slots, frame.Scratch);
            if (frame.Scratch.HasEscapes)
                frame.Unescape(Slots);
            if (ConditionPlan.AllHold(Where, ref frame))
                count++;
        }

        return count;
    }
}
