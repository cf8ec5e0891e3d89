namespace Ioc.Devices.Registry;

/// <summary>A place on the ground in WGS84, as devices report it; the national VN-2000 grid is met on import and export only.</summary>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
public readonly record struct GeoPoint(double Latitude, double Longitude);
