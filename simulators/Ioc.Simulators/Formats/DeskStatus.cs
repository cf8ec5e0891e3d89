using NodaTime;
using NodaTime.Text;

namespace Ioc.Simulators.Formats;

/// <summary>Heartbeat of a one-stop desk's gateway: its cameras and its queue, counts only, nothing about a person.</summary>
internal sealed record DeskStatus(string Desk, Instant At, long UptimeSeconds, IReadOnlyList<CameraStatus> Cameras, int Waiting, int Served, int MeanWaitSeconds)
{
    private static readonly InstantPattern Time = InstantPattern.CreateWithInvariantCulture("uuuu-MM-ddTHH:mm:ss.fff'Z'");

    public string Topic => $"onestop/{Desk}/status";

    public byte[] Payload() => JsonPayload.Write(json =>
    {
        json.WriteString("ts", Time.Format(At));
        json.WriteString("desk", Desk);
        json.WriteNumber("uptime", UptimeSeconds);
        json.WriteStartArray("cameras");
        foreach (CameraStatus camera in Cameras)
        {
            json.WriteStartObject();
            json.WriteString("id", camera.Id);
            json.WriteBoolean("online", camera.Online);
            json.WriteFixed("fps", camera.FramesPerSecond, 1);
            json.WriteNumber("kbps", camera.KilobitsPerSecond);
            json.WriteFixed("lastFrameAgeS", camera.LastFrameAgeSeconds, 1);
            json.WriteBoolean("recording", camera.Recording);
            json.WriteNumber("diskDays", camera.DiskDays);
            json.WriteFixed("clockOffsetS", camera.ClockOffsetSeconds, 1);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("queue");
        json.WriteNumber("waiting", Waiting);
        json.WriteNumber("served", Served);
        json.WriteNumber("waitMeanS", MeanWaitSeconds);
        json.WriteEndObject();
    });
}

/// <summary>One camera as its gateway sees it.</summary>
internal readonly record struct CameraStatus(
    string Id, bool Online, double FramesPerSecond, int KilobitsPerSecond, double LastFrameAgeSeconds, bool Recording, int DiskDays, double ClockOffsetSeconds);
