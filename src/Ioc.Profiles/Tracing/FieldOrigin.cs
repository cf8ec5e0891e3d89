using Ioc.Profiles.Model;

namespace Ioc.Profiles.Tracing;

/// <summary>How a field was written, for those who look at a decode.</summary>
/// <param name="Place">Where it looks.</param>
/// <param name="WrittenAt">File and line.</param>
/// <param name="Unit">The device's unit; null where the profile says none.</param>
/// <param name="Name">Its name for expressions; null when it has none.</param>
internal sealed record FieldOrigin(string Place, string WrittenAt, string? Unit, string? Name)
{
    public static FieldOrigin Of(FieldConfig field) => new(PlaceOf(field), field.Mark.ToString(), field.Unit?.Value, field.As?.Value);

    private static string PlaceOf(FieldConfig field)
    {
        if (field.Paths.Count > 0)
            return string.Join(", ", field.Paths.Select(path => path.Value));
        if (field.Topic is { } topic)
            return $"{{{topic.Value}}}";
        if (field.CountOf is { } count)
            return $"count({count.Value})";
        if (field.Expression is { } expression)
            return expression.Value;
        if (field.Register is { } register)
            return $"register {register}, {field.BinaryType?.ToString().ToLowerInvariant()}";
        if (field.At is null && !field.Next)
            return "$";

        string place = $"byte {(field.Next ? "next" : field.At)}, {field.BinaryType?.ToString().ToLowerInvariant()}";
        return field.Bits is { } bits ? $"{place}, bits {bits.From}+{bits.Count}" : field.Mask is { } mask ? $"{place}, mask 0x{(ulong)mask:x}" : place;
    }
}
