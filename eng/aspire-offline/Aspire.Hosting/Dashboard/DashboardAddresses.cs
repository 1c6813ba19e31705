using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Aspire.Hosting.Dashboard;

/// <summary>Where the dashboard listens.</summary>
internal static partial class DashboardAddresses
{
    // Marks the certificate that `dotnet dev-certs https` makes.
    private const string DevelopmentCertificateOid = "1.3.6.1.4.1.311.84.1.1";

    /// <summary>
    /// The addresses of its pages: those of the AppHost's launch profile, else a free port. Without a development certificate
    /// the https ones are left out.
    /// </summary>
    public static string[] FrontEnd(IConfiguration configuration, ILogger logger)
    {
        var wanted = (configuration["ASPNETCORE_URLS"] ?? FreeAddress()).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var plain = wanted.Where(url => !IsHttps(url)).ToArray();
        if (plain.Length == wanted.Length || HasDevelopmentCertificate())
        {
            return wanted;
        }

        plain = plain.Length > 0 ? plain : [FreeAddress()];
        LogPlainFrontEnd(logger, plain[0]);
        return plain;
    }

    /// <summary>
    /// The address that takes telemetry: <c>ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL</c> (or with the prefix <c>DOTNET_</c>), else a free port. Always
    /// plain http: it is on loopback and has a key, and the services would not trust a development certificate everywhere.
    /// </summary>
    public static string Otlp(IConfiguration configuration)
    {
        var wanted = configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] ?? configuration["DOTNET_DASHBOARD_OTLP_ENDPOINT_URL"] ?? FreeAddress();
        return IsHttps(wanted) ? "http" + wanted["https".Length..] : wanted;
    }

    private static bool IsHttps(string url) => url.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    private static bool HasDevelopmentCertificate()
    {
        using var store = new X509Store(StoreName.My, StoreLocation.CurrentUser);
        store.Open(OpenFlags.ReadOnly);
        return store.Certificates.Find(X509FindType.FindByExtension, DevelopmentCertificateOid, validOnly: false)
            .Any(certificate => certificate.HasPrivateKey && certificate.NotBefore <= DateTime.Now && DateTime.Now < certificate.NotAfter);
    }

    private static string FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return string.Create(CultureInfo.InvariantCulture, $"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    [LoggerMessage(20, LogLevel.Warning, "This machine has no ASP.NET Core development certificate (dotnet dev-certs https --trust makes one): the dashboard listens on {Url} only.")]
    private static partial void LogPlainFrontEnd(ILogger logger, string url);
}
