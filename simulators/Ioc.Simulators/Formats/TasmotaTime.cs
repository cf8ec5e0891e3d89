using NodaTime;
using NodaTime.Text;

namespace Ioc.Simulators.Formats;

/// <summary>Tasmota's clock: local, to the second, without a zone.</summary>
internal static class TasmotaTime
{
    private static readonly LocalDateTimePattern Pattern = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-ddTHH:mm:ss");

    public static string Of(LocalDateTime local) => Pattern.Format(local);
}
