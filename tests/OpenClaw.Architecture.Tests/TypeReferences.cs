using Mono.Cecil;
using Mono.Cecil.Cil;

namespace OpenClaw.Architecture.Tests;

/// <summary>Collects the types of the same assembly that a type uses: in its signatures, in its code and in attributes.</summary>
/// <remarks>Constants are copied by the compiler and leave no trace, so a use of a constant alone is not found.</remarks>
internal sealed class TypeReferences
{
    private readonly ModuleDefinition _module;
    private readonly HashSet<TypeDefinition> _found = [];

    private TypeReferences(ModuleDefinition module) => _module = module;

    /// <summary>Top-level types that a top-level type uses. A nested type counts as part of the type around it.</summary>
    public static IReadOnlySet<TypeDefinition> Of(TypeDefinition type)
    {
        TypeReferences references = new(type.Module);
        references.AddType(type);
        return references._found;
    }

    private void AddType(TypeDefinition type)
    {
        Add(type.BaseType);
        AddAttributes(type);
        AddGenerics(type);
        foreach (InterfaceImplementation implementation in type.Interfaces)
        {
            Add(implementation.InterfaceType);
        }

        foreach (FieldDefinition field in type.Fields)
        {
            Add(field.FieldType);
            AddAttributes(field);
        }

        foreach (MethodDefinition method in type.Methods)
        {
            AddMethod(method);
        }

        foreach (TypeDefinition nested in type.NestedTypes)
        {
            AddType(nested);
        }
    }

    private void AddMethod(MethodDefinition method)
    {
        AddSignature(method);
        AddAttributes(method);
        AddGenerics(method);
        if (!method.HasBody)
        {
            return;
        }

        foreach (VariableDefinition variable in method.Body.Variables)
        {
            Add(variable.VariableType);
        }

        foreach (ExceptionHandler handler in method.Body.ExceptionHandlers)
        {
            Add(handler.CatchType);
        }

        foreach (Instruction instruction in method.Body.Instructions)
        {
            switch (instruction.Operand)
            {
                case TypeReference type:
                    Add(type);
                    break;
                case FieldReference field:
                    Add(field.DeclaringType);
                    Add(field.FieldType);
                    break;
                case MethodReference called:
                    Add(called.DeclaringType);
                    AddSignature(called);
                    break;
            }
        }
    }

    private void AddSignature(MethodReference method)
    {
        Add(method.ReturnType);
        foreach (ParameterDefinition parameter in method.Parameters)
        {
            Add(parameter.ParameterType);
        }

        foreach (TypeReference argument in (method as GenericInstanceMethod)?.GenericArguments ?? [])
        {
            Add(argument);
        }
    }

    private void AddGenerics(IGenericParameterProvider provider)
    {
        foreach (GenericParameterConstraint constraint in provider.GenericParameters.SelectMany(parameter => parameter.Constraints))
        {
            Add(constraint.ConstraintType);
        }
    }

    private void AddAttributes(ICustomAttributeProvider provider)
    {
        foreach (CustomAttribute attribute in provider.CustomAttributes)
        {
            Add(attribute.AttributeType);
            foreach (TypeReference type in attribute.ConstructorArguments.Select(argument => argument.Value).OfType<TypeReference>())
            {
                Add(type);
            }
        }
    }

    private void Add(TypeReference? type)
    {
        foreach (TypeReference argument in (type as GenericInstanceType)?.GenericArguments ?? [])
        {
            Add(argument);
        }

        if (type is TypeSpecification specification)
        {
            Add(specification.ElementType);
        }
        else if (type is TypeDefinition definition && definition.Module == _module)
        {
            while (definition.DeclaringType is { } outer)
            {
                definition = outer;
            }

            _found.Add(definition);
        }
    }
}
