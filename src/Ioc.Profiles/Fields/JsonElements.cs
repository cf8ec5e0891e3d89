using System.Text.Json;

namespace Ioc.Profiles.Fields;

/// <summary>Counts what is directly inside an array or object already found to be well formed.</summary>
internal static class JsonElements
{
    public static int Count(ReadOnlySpan<byte> container)
    {
        var reader = new Utf8JsonReader(container);
        int count = 0;
        reader.Read();
        while (reader.Read() && reader.CurrentDepth > 0)
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
                reader.Read();
            reader.Skip();
            count++;
        }

        return count;
    }
}
