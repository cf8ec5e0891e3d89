using Ioc.Devices.Registry;
using NodaTime;

namespace Ioc.Devices.Onboarding;

/// <summary>Makes a new record out of an old one and somebody's wishes, and says what cannot be. Pure: touches no registry.</summary>
/// <param name="seeds">Areas, zones and sites.</param>
/// <param name="profileExists">Whether a profile of a name is loaded.</param>
/// <param name="defaultPeriod">Expected time between messages where nobody says it.</param>
public sealed class DeviceEditor(Seeds seeds, Func<string, bool> profileExists, Duration defaultPeriod)
{
    private const int MaxNameLength = 200;
    private const int MaxParameters = 64;
    private const int MaxParameterLength = 100;
    private const double MaxPeriodSeconds = 31 * 86_400;

    /// <summary>Expected time between messages where nobody says it.</summary>
    public Duration DefaultPeriod => defaultPeriod;

    /// <summary>The device as wished.</summary>
    /// <param name="device">As it is; a new one holds only source, key and what policy gives.</param>
    /// <param name="edit">What is to change.</param>
    /// <param name="day">Areas and zones are those of this day.</param>
    /// <param name="isDevice">Whether an API id names a device, for its concentrator.</param>
    /// <param name="faults">Gets what cannot be; the result counts for nothing then.</param>
    public Device Apply(Device device, DeviceEdit edit, LocalDate day, Func<string, bool> isDevice, ICollection<EditFault> faults)
    {
        int before = faults.Count;
        CheckTexts(edit, faults);
        CheckPlace(device, edit, day, isDevice, faults);
        CheckParameters(edit.Parameters.Value, faults);
        if (edit.PeriodSeconds.Value is { } period && period is not (> 0 and <= MaxPeriodSeconds))
            faults.Add(new EditFault("period_s", "chu kỳ phải lớn hơn 0 và không quá 31 ngày (tính bằng giây)", "the period is more than 0 and at most 31 days, in seconds"));
        if (faults.Count > before)
            return device;

        Site? site = edit.Site.Value is { } id ? seeds.FindSite(id) : null;
        return seeds.Placed(device with
        {
            Name = edit.Name.Or(device.Name) is { Length: > 0 } name ? name : device.Key,
            Family = edit.Family.Or(device.Family)!,
            Profile = edit.Profile.Or(device.Profile),
            Site = edit.Site.Or(device.Site),
            Area = edit.Area.Or(null) ?? (site is not null ? site.Area : edit.Area.IsGiven ? null : device.Area),
            Position = edit.Position.Or(null) ?? (site is not null ? site.Position : edit.Position.IsGiven ? null : device.Position),
            Period = edit.PeriodSeconds.IsGiven ? edit.PeriodSeconds.Value is { } seconds ? Duration.FromSeconds(seconds) : defaultPeriod : device.Period,
            Parent = edit.Parent.Or(device.Parent),
            Parameters = edit.Parameters.Or(device.Parameters) ?? new Dictionary<string, string>(),
            TimeZone = edit.TimeZone.IsGiven ? ZoneOf(edit.TimeZone.Value) ?? VietnamTime.Zone : device.TimeZone,
        }, day);
    }

    private void CheckTexts(DeviceEdit edit, ICollection<EditFault> faults)
    {
        if (edit.Name.Value is { } name && (name.Length > MaxNameLength || name.Any(char.IsControl)))
            faults.Add(new EditFault("name", $"tên dài quá {MaxNameLength} ký tự hoặc có ký tự điều khiển", $"the name is longer than {MaxNameLength} characters or has control characters"));
        if (edit.Family.IsGiven && !Families.Contains(edit.Family.Value ?? ""))
            faults.Add(new EditFault("family", $"nhóm '{edit.Family.Value}' không có; các nhóm là {string.Join(", ", Families.All)}", $"family '{edit.Family.Value}' is unknown; known are {string.Join(", ", Families.All)}"));
        if (edit.Profile.Value is { } profile && !profileExists(profile))
            faults.Add(new EditFault("profile", $"không có hồ sơ phần sụn '{profile}'", $"there is no firmware profile '{profile}'"));
        if (edit.TimeZone.Value is { } zone && ZoneOf(zone) is null)
            faults.Add(new EditFault("time_zone", $"không có múi giờ '{zone}'; viết như Asia/Ho_Chi_Minh", $"there is no time zone '{zone}'; write it like Asia/Ho_Chi_Minh"));
    }

    private void CheckPlace(Device device, DeviceEdit edit, LocalDate day, Func<string, bool> isDevice, ICollection<EditFault> faults)
    {
        if (edit.Site.Value is { } site && seeds.FindSite(site) is null)
            faults.Add(new EditFault("site", $"không có địa điểm '{site}'", $"there is no site '{site}'"));
        if (edit.Area.Value is { } area && !seeds.Areas.Knows(area))
            faults.Add(new EditFault("area", $"không có đơn vị hành chính mã '{area}'", $"there is no area with the code '{area}'"));
        else if (edit.Area.Value is { } past && seeds.Areas.Find(past, day) is null)
            faults.Add(new EditFault("area", $"đơn vị hành chính '{past}' không còn hiệu lực ngày {day:dd/MM/uuuu}", $"area '{past}' is not valid on {day:uuuu-MM-dd}"));
        if (edit.Position.Value is { } position && (position.Latitude is not (>= 7.5 and <= 24) || position.Longitude is not (>= 102 and <= 118)))
            faults.Add(new EditFault("lat", "vị trí nằm ngoài Việt Nam (vĩ độ 7,5 đến 24; kinh độ 102 đến 118)", "the position is outside Việt Nam (7.5 to 24 north, 102 to 118 east)"));
        if (edit.Parent.Value is { } parent && parent == ApiIds.Of(device.Source, device.Key))
            faults.Add(new EditFault("parent", "thiết bị không thể là bộ tập trung của chính nó", "a device is not its own concentrator"));
        else if (edit.Parent.Value is { } unknown && !isDevice(unknown))
            faults.Add(new EditFault("parent", $"không có bộ tập trung '{unknown}'", $"there is no concentrator '{unknown}'"));
    }

    private static void CheckParameters(IReadOnlyDictionary<string, string>? parameters, ICollection<EditFault> faults)
    {
        if (parameters is null)
            return;
        if (parameters.Count > MaxParameters)
            faults.Add(new EditFault("params", $"nhiều hơn {MaxParameters} tham số", $"more than {MaxParameters} parameters"));

        foreach ((string name, string value) in parameters)
        {
            if (name.Length is 0 or > MaxParameterLength || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
                faults.Add(new EditFault("params", $"tên tham số '{name}' chỉ gồm chữ không dấu, số và _", $"parameter name '{name}' is not made of letters, digits and _"));
            if (value is null or { Length: 0 or > MaxParameterLength } || value.Any(char.IsControl))
                faults.Add(new EditFault("params", $"giá trị của tham số '{name}' trống hoặc quá dài", $"the value of parameter '{name}' is empty or too long"));
        }
    }

    private static DateTimeZone? ZoneOf(string? id) => id is null ? null : DateTimeZoneProviders.Tzdb.GetZoneOrNull(id);
}
