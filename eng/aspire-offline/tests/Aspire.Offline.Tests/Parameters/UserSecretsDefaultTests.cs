using System.Reflection;
using System.Reflection.Emit;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Parameters;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.UserSecrets;

namespace Aspire.Offline.Tests.Parameters;

public sealed class UserSecretsDefaultTests : IDisposable
{
    private readonly string _id = $"openclaw-test-{Guid.NewGuid():N}";

    [Fact]
    public void GetDefaultValue_FileWithCommentsAndTrailingCommas_IsReadAndAddedTo()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(SecretsFile)!);
        File.WriteAllText(
            SecretsFile,
            """
            {
              // The volume was made with it.
              "Parameters:old": "kept", /* and so on */
            }
            """);

        Assert.Equal("kept", ValueOf("Parameters:old"));
        var made = ValueOf("Parameters:new");

        var secrets = new ConfigurationBuilder().AddJsonFile(SecretsFile).Build();
        Assert.Equal(("kept", made), (secrets["Parameters:old"], secrets["Parameters:new"]));
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(SecretsFile)!, recursive: true);

    private string SecretsFile => PathHelper.GetSecretsPathFromSecretsId(_id);

    private string ValueOf(string key) => new UserSecretsDefault(AppHost(), key, new GenerateParameterDefault { MinLength = 22 }).GetDefaultValue();

    /// <summary>An assembly as an AppHost's build makes it, with this test's user secrets.</summary>
    private AssemblyBuilder AppHost()
    {
        var attribute = typeof(UserSecretsIdAttribute).GetConstructor([typeof(string)])!;
        return AssemblyBuilder.DefineDynamicAssembly(new AssemblyName(_id), AssemblyBuilderAccess.RunAndCollect, [new CustomAttributeBuilder(attribute, [_id])]);
    }
}
